import type { Event } from 'js-yaml';
import { parseEvents, YAMLException } from 'js-yaml';
import { buildNodes } from './build.ts';
import { densityOf } from './density.ts';
import type { Node } from './node.ts';
import type { Report } from './problems.ts';
import type { SourceText } from './source.ts';
import { syntaxHint } from './syntax.ts';

/** Nesting that no manifest needs. */
const maxDepth = 64;

/** Bytes of a file for which one value is allowed: a file of 2 MiB may hold some 200,000. */
const bytesPerValue = 10;

export interface ParseOptions {
  /** Bytes; scales how many values a text may hold. */
  readonly maxSize: number;
  readonly report: Report;
}

/**
 * Reads every YAML document of a text. Of a text that is no YAML the first problem is reported;
 * duplicate keys, unknown tags and the like are all reported, and what is left is still returned.
 */
export function parseDocuments(source: SourceText, options: ParseOptions): readonly Node[] {
  const { report } = options;
  const limit = Math.ceil(options.maxSize / bytesPerValue);
  const density = densityOf(source.text, limit);
  if (density.excess !== undefined) {
    report.error(
      'ManifestTooComplex',
      { source, offset: density.excess },
      {
        message: `too many values: more than ${limit} in one file`,
        hint: 'put large data into a file of its own (a Config with "file:", or a bind mount), or raise --max-size',
      },
    );
    return [];
  }
  let events: Event[];
  try {
    events = parseEvents(source.text, { maxDepth });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const offset = error.mark?.position ?? 0;
    const { message, hint } = syntaxHint(error.reason, source.text, offset);
    report.error('InvalidYaml', { source, offset }, { message, hint });
    return [];
  }
  return buildNodes(source, events, { report, limit });
}
