import type { Terminal } from './terminal.ts';

const escape = String.fromCharCode(27);
const clearBelow = `${escape}[0J`;

/** Makes the cursor visible again after `HIDE_CURSOR`. */
export const SHOW_CURSOR = `${escape}[?25h`;
export const HIDE_CURSOR = `${escape}[?25l`;

/** Lines at the end of a terminal that are drawn again over themselves. They must fit its width. */
export class Block {
  readonly #terminal: Terminal;
  #height = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** One write, so that nobody sees half a block. */
  draw(lines: readonly string[]): void {
    this.#terminal.write(`${this.#back()}${text(lines)}`);
    this.#height = lines.length;
  }

  /** Lines that stay, above the block, which has to be drawn again. */
  above(lines: readonly string[]): void {
    this.#terminal.write(`${this.#back()}${text(lines)}`);
    this.#height = 0;
  }

  /** What is drawn stays as it is. */
  leave(): void {
    this.#height = 0;
  }

  #back(): string {
    return this.#height === 0 ? '' : `\r${escape}[${this.#height}A${clearBelow}`;
  }
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
