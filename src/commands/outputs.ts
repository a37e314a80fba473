import { L9Error } from '../model/errors.ts';
import { suggest } from '../manifest/suggest.ts';
import { formatDocument } from '../print/output-format.ts';
import { dotenvLine, shellLine } from '../print/assignments.ts';
import type { Run } from './context.ts';

export const run: Run<'outputs'> = async (context, { options, args }) => {
  const { out } = context;
  const { operations } = await context.connect();
  const project = await operations.findProject(context.project);
  const { outputs } = await operations.view(project);
  const [name] = args;
  if (name !== undefined) {
    const value = outputs[name];
    if (value === undefined) throw noOutput(project, name, Object.keys(outputs));
    out.write(`${value}\n`);
    return 0;
  }
  if (options.output === 'json') {
    out.write(await formatDocument(outputs, 'json'));
    return 0;
  }
  const line = options.output === 'shell' ? shellLine : dotenvLine;
  for (const [key, value] of Object.entries(outputs)) out.write(`${line(key, value)}\n`);
  return 0;
};

function noOutput(project: string, name: string, known: readonly string[]): L9Error {
  const meant = suggest(name, known);
  return new L9Error('NoSuchResource', `project ${project} has no output ${name}`, {
    hint:
      meant === undefined
        ? `Its outputs: ${known.length === 0 ? 'none; write spec.outputs in its Project' : known.join(', ')}`
        : `Did you mean ${meant}?`,
  });
}
