import type { CommandContext } from '../context.ts';

/**
 * All of standard input. Reading stops soon after `limit` bytes: what is longer is refused by who
 * asked, without filling the memory first.
 */
export async function readStdin(
  { streams, err, quiet }: CommandContext,
  limit: number,
): Promise<Uint8Array> {
  const { stdin } = streams;
  if (stdin.isTTY && !quiet) {
    err.write('Reading manifests from the terminal; end with Ctrl-D.\n');
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    chunks.push(buffer);
    bytes += buffer.length;
    if (bytes > limit) break;
  }
  return Buffer.concat(chunks);
}
