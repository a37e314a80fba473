/** A Dockerfile's instructions: comments gone, continued lines joined. */
const instructions = (text: string): string[] => {
  const escape = /^#\s*escape\s*=\s*`/im.test(text.split('\n').slice(0, 3).join('\n')) ? '`' : '\\';
  const out: string[] = [];
  let open = '';
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const continued = line.endsWith(escape);
    open += continued ? `${line.slice(0, -1)} ` : line;
    if (continued) continue;
    out.push(open.trim());
    open = '';
  }
  return open === '' ? out : [...out, open.trim()];
};

/** `${NAME}`, `$NAME`, `${NAME:-default}`, `${NAME:+other}`. */
const substitute = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replace(
    /\$(?:\{(\w+)(?::([-+])([^}]*))?\}|(\w+))/g,
    (_, ...groups: (string | undefined)[]) => {
      const [braced, operator, word = '', plain] = groups;
      const value = values.get(braced ?? plain ?? '') ?? '';
      if (operator === '-') return value === '' ? word : value;
      if (operator === '+') return value === '' ? '' : word;
      return value;
    },
  );

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

/**
 * The images that a Dockerfile builds on, sorted: those of `FROM` and `COPY --from`, with ARGs put in
 * place, without earlier stages and `scratch`. Only to know whose logins to send along; what cannot
 * be understood is left out, and the engine says what is wrong with it.
 */
export const baseImages = (
  dockerfile: string,
  args: Readonly<Record<string, string>> = {},
): string[] => {
  const values = new Map<string, string>();
  const stages = new Set(['scratch']);
  const images = new Set<string>();
  let count = 0;
  const add = (name: string | undefined): void => {
    const image = unquoted(substitute(name ?? '', values));
    if (image !== '' && !stages.has(image.toLowerCase()) && !/^\d+$/.test(image)) images.add(image);
  };
  for (const line of instructions(dockerfile)) {
    const [keyword = '', ...rest] = line.split(/\s+/);
    const words = rest.filter((word) => !word.startsWith('--'));
    if (/^arg$/i.test(keyword) && count === 0) {
      for (const word of words) {
        const [name = '', ...value] = word.split('=');
        values.set(name, args[name] ?? unquoted(substitute(value.join('='), values)));
      }
    } else if (/^from$/i.test(keyword)) {
      add(words[0]);
      count += 1;
      if (/^as$/i.test(words[1] ?? '') && words[2] !== undefined)
        stages.add(words[2].toLowerCase());
    } else if (/^copy$/i.test(keyword)) {
      add(rest.find((word) => word.startsWith('--from='))?.slice('--from='.length));
    }
  }
  return [...images].toSorted();
};
