// @ts-check
// Runs programs and measures them from outside, as somebody at a terminal would.
import { spawn } from 'node:child_process';
import { Failure } from '../scripts/console.mjs';
import { tail } from '../scripts/command.mjs';

/**
 * @typedef {object} ProgramOptions
 * @property {string} [cwd]
 * @property {Readonly<Record<string, string | undefined>>} [env] added to ours, which is taken over without `L9_*`
 *
 * @typedef {readonly [program: string, ...args: string[]]} CommandLine
 */

/**
 * Runs a program that must succeed; resolves to the milliseconds from its start to its end.
 * @param {CommandLine} commandLine
 * @param {ProgramOptions} [options]
 * @returns {Promise<number>}
 */
export function timeProgram([program, ...args], { cwd, env = {} } = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(L9_|COMPOSE_)/.test(name));
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, {
      cwd,
      env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (said += text));
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const ms = performance.now() - start;
      if (code === 0) return resolve(ms);
      const line = [program, ...args].join(' ');
      reject(new Failure(`${line} ended with ${code ?? signal}:\n${tail(said, 25)}`));
    });
  });
}
