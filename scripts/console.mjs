// @ts-check
// What the scripts say. They run before dependencies are installed, so colours are made here by hand.
// Only headings and results are printed; what a program below us prints is kept for when it fails.
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
/**
 * Whether colours make sense: a terminal, and nobody asked for none (no-color.org).
 * @param {{ isTTY?: boolean }} stream
 * @returns {boolean}
 */
export function wantsColour(stream) {
  return stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

/**
 * @param {string} code SGR parameters
 * @param {string} text
 */
function styled(code, text) {
  return wantsColour(process.stdout) ? `\u001B[${code}m${text}\u001B[0m` : text;
}

/** @param {string} text */
export const bold = (text) => styled('1', text);
/** @param {string} text */
export const dim = (text) => styled('2', text);

/** @param {string} text */
export function say(text = '') {
  process.stdout.write(`${text}\n`);
}

/** @param {string} text */
export function heading(text) {
  say(`\n${bold(text)}`);
}

/** @param {string} text */
export function complain(text) {
  process.stderr.write(`${text}\n`);
}

/** Seconds with one decimal, for people.
 * @param {number} milliseconds
 */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** An error whose message is meant for the person at the terminal, and the exit code it ends with. */
export class Failure extends Error {
  /**
   * @param {string} message what happened, and what to do next
   * @param {number} exitCode
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a script's main function; a Failure is said plainly, anything else is a bug and keeps its stack.
 * @param {() => Promise<number | void>} main resolves with the exit code, 0 when absent
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    complain(`\n${error.message}`);
    process.exitCode = error.exitCode;
  }
}

/**
 * Whether this module is the program that was started, not an import of one.
 * @param {string} moduleUrl import.meta.url
 */
export function isProgram(moduleUrl) {
  return (
    process.argv[1] !== undefined && moduleUrl === pathToFileURL(realpathSync(process.argv[1])).href
  );
}
