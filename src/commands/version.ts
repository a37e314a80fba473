import type { Run } from './context.ts';

export const run: Run<'version'> = (context, { options }) => {
  const { version, out } = context;
  const node = process.version;
  const platform = `${process.platform}/${process.arch}`;
  const text =
    options.output === 'json'
      ? JSON.stringify({ version, node, platform }, null, 2)
      : `l9 ${version} (node ${node.slice(1)}, ${platform})`;
  out.write(`${text}\n`);
  return Promise.resolve(0);
};
