import picocolors from 'picocolors';

export type Palette = ReturnType<typeof picocolors.createColors>;

/** One place to write to, with what it can show. Two are built in app.ts: results and everything else. */
export interface Terminal {
  /** False for pipes and files: no colours, no redrawing, nothing cut to fit. */
  readonly interactive: boolean;
  /** Columns now; changes while a window is resized. Infinity where it is no terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly palette: Palette;
  write(text: string): void;
}

export interface ColourWishes {
  readonly interactive: boolean;
  /** False after `--no-color`. */
  readonly wanted: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** NO_COLOR (https://no-color.org) and `--no-color` win over FORCE_COLOR, which wins over the terminal. */
export function usesColours({ interactive, wanted, env }: ColourWishes): boolean {
  if (!wanted || isSet(env['NO_COLOR'])) return false;
  const forced = env['FORCE_COLOR'];
  if (isSet(forced)) return forced !== '0' && forced !== 'false';
  return interactive && env['TERM'] !== 'dumb';
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

export const createPalette = (enabled: boolean): Palette => picocolors.createColors(enabled);

/** What a Node stream has to offer to be written to. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export function openTerminal(
  stream: OutputStream,
  colours: Omit<ColourWishes, 'interactive'>,
): Terminal {
  const interactive = stream.isTTY === true;
  return {
    interactive,
    get columns() {
      // A terminal whose size is not known (0 columns under some runners) is taken as a classic one.
      return interactive ? stream.columns || 80 : Number.POSITIVE_INFINITY;
    },
    get rows() {
      return interactive ? stream.rows || 24 : Number.POSITIVE_INFINITY;
    },
    palette: createPalette(usesColours({ ...colours, interactive })),
    write: (text) => void stream.write(text),
  };
}
