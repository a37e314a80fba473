/** Characters that can begin a value, each of which costs the parser memory. */
const marks = /[\n,:?[\]{}-]/g;

/**
 * Looks whether a text can hold more values than `limit`, before it is parsed: the parser needs
 * some 250 bytes for each, so that 2 MiB of ":,:,:," would cost half a gigabyte. Block scalars and
 * comments hold no values and are not counted. `excess` is the offset where the limit is passed.
 */
export function densityOf(text: string, limit: number): { readonly excess?: number } {
  if (text.length <= limit || count(text) <= limit) return {};
  let total = 0;
  let offset = 0;
  let blockIndent = -1;
  for (const line of text.split(/(?<=\n)/)) {
    const indent = line.search(/[^ ]/);
    const blank = line.trim() === '';
    if (blockIndent >= 0 && !blank && indent <= blockIndent) blockIndent = -1;
    if (blockIndent < 0 && !blank && line[indent] !== '#') {
      total += count(line);
      if (total > limit) return { excess: offset };
      if (/(?:^|[\s:-])[|>][-+\d]{0,2}[ \t]*(?:#.*)?\r?\n?$/.test(line)) blockIndent = indent;
    }
    offset += line.length;
  }
  return {};
}

function count(text: string): number {
  let total = 0;
  marks.lastIndex = 0;
  while (marks.test(text)) total += 1;
  return total;
}
