/** Lines of a build's output that an error shows. */
const shownLines = 40;
/** Kept of a long line, from its end. */
const shownColumns = 400;

const escape = String.fromCodePoint(0x1b);
const bell = String.fromCodePoint(0x07);
/** Colours, cursor movements and window titles are for terminals, not for messages. */
const sequences = new RegExp(
  `${escape}\\[[0-?]*[ -/]*[@-~]|${escape}\\][^${bell}]*(?:${bell}|$)`,
  'g',
);
/** Every other control character but the tab. */
const controls = /[^\P{Cc}\t]/gu;

/** The last lines of what a build says, in bounded memory. */
export interface OutputTail {
  add(text: string): void;
  /** Without terminal codes, ready for a message. */
  lines(): string[];
}

export const outputTail = (): OutputTail => {
  let lines: string[] = [];
  let open = '';
  return {
    add(text) {
      const parts = (open + text).split('\n');
      open = (parts.pop() ?? '').slice(-shownColumns * 4);
      lines = [...lines, ...parts].slice(-shownLines);
    },
    lines: () =>
      [...lines, open]
        // A progress bar rewrites its line: only its last state counts.
        .map((line) =>
          (line.replace(/\r+$/, '').split('\r').at(-1) ?? '')
            .replace(sequences, '')
            .replace(controls, ''),
        )
        .filter((line) => line.trim() !== '')
        .map((line) => (line.length > shownColumns ? `…${line.slice(-shownColumns)}` : line))
        .slice(-shownLines),
  };
};
