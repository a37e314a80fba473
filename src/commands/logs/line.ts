import type { LogLine } from '../../engine/api.ts';
import { sanitise } from '../../print/sanitise.ts';
import type { Terminal } from '../../print/terminal.ts';
import { pad, withoutColours } from '../../print/width.ts';

const colours = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'red'] as const;

export interface LineStyle {
  readonly out: Terminal;
  readonly timestamps: boolean;
  readonly prefix: boolean;
  /** Names that are expected, so that what stands after them is aligned. */
  readonly labels: readonly string[];
}

/**
 * Turns log lines into what is printed. A terminal gets no control character: colours are left out,
 * the others are made visible. A pipe gets what the container wrote.
 */
export function lineFormatter(style: LineStyle): (label: string, line: LogLine) => string {
  const { out, timestamps, prefix, labels } = style;
  const width = Math.max(0, ...labels.map((label) => label.length));
  const order = new Map([...new Set(labels)].map((label, index) => [label, index]));
  const paint = (label: string): ((text: string) => string) => {
    const index = order.get(label) ?? order.size;
    order.set(label, index);
    return out.palette[colours[index % colours.length] ?? 'cyan'];
  };
  return (label, line) => {
    const name = prefix ? `${paint(label)(`${pad(label, width)} |`)} ` : '';
    const time =
      timestamps && line.at !== null ? `${out.palette.dim(new Date(line.at).toISOString())} ` : '';
    const text = out.interactive ? sanitise(withoutColours(line.text)) : line.text;
    return `${name}${time}${text}\n`;
  };
}
