// @ts-check
// Runs other programs. Their output is kept back and shown only when they fail, so that a good run reads
// as a list of results.
import { spawn } from 'node:child_process';
import { Failure } from './console.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [show] give the program our terminal instead of keeping its output
 * @property {string} [input] written to its stdin
 *
 * @typedef {{ code: number, stdout: string, stderr: string }} CommandResult
 */

/**
 * Runs a program to its end, whatever its exit code. A program that is not there has the code 127.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>}
 */
export function attempt(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const input = options.input === undefined ? 'ignore' : 'pipe';
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: options.show ? 'inherit' : [input, 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.stdin?.end(options.input);
    child.on('error', (error) => {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') return reject(error);
      resolve({ code: 127, stdout, stderr: `${program}: not found` });
    });
    child.on('close', (code, signal) =>
      resolve({ code: code ?? (signal ? 128 : 1), stdout, stderr }),
    );
  });
}

/**
 * Runs a program that must succeed.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<string>} its stdout
 */
export async function run(program, args, options = {}) {
  const { code, stdout, stderr } = await attempt(program, args, options);
  if (code === 0) return stdout;
  const said = tail(`${stdout}${stderr}`, 25);
  throw new Failure(
    `${[program, ...args].join(' ')} failed (exit code ${code})${said && `:\n${said}`}`,
  );
}

/**
 * The last lines of a text.
 * @param {string} text
 * @param {number} lines
 */
export function tail(text, lines) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * How long something took.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<{ value: T, ms: number }>}
 */
export async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}
