const prefix = 'tag:yaml.org,2002:';

/**
 * The short name of one of YAML's own tags: 'str' for `!!str`, '' for the plain `!`. Undefined for
 * all others. `handles` are the document's %TAG directives.
 */
export function coreTag(written: string, handles: ReadonlyMap<string, string>): string | undefined {
  if (written === '!') return '';
  if (written.startsWith('!<')) return shortName(written.slice(2, -1));
  const handle = /^!(?:[\w-]*!)?/.exec(written)?.[0] ?? '!';
  const mapped = handles.get(handle) ?? (handle === '!!' ? prefix : handle);
  return shortName(mapped + written.slice(handle.length));
}

const shortName = (tag: string): string | undefined =>
  tag.startsWith(prefix) ? tag.slice(prefix.length) : undefined;
