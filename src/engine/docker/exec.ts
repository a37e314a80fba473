import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Engine, ExecOptions } from '../api.ts';
import { readChunks } from './chunks.ts';
import { type DockerodeSource, withDockerode } from './dockerode.ts';
import { FrameReader } from './frames.ts';
import { containerSubject } from './paths.ts';
import { DEFAULT_DEADLINE_MS, type Transport } from './transport.ts';

/** How often and how long to look for the exit code: the stream may end a moment before it is known. */
const EXIT_LOOKS = 100;
const EXIT_LOOK_MS = 20;
const RESIZE_TRIES = 10;

const createBody = (options: ExecOptions): Docker.ExecCreateOptions => ({
  Cmd: [...options.command],
  AttachStdin: options.stdin !== undefined,
  AttachStdout: true,
  AttachStderr: true,
  Tty: options.tty === true,
  ...(options.user === undefined ? {} : { User: options.user }),
  ...(options.workingDir === undefined ? {} : { WorkingDir: options.workingDir }),
  ...(options.env === undefined
    ? {}
    : { Env: Object.entries(options.env).map(([key, value]) => `${key}=${value}`) }),
});

/** Writes, and waits where the reader is slower than the command; one that has gone is not waited for. */
const write = async (target: NodeJS.WritableStream, data: Buffer): Promise<void> => {
  if (target.write(data)) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      target.removeListener('drain', done);
      target.removeListener('close', done);
      resolve();
    };
    target.on('drain', done);
    target.on('close', done);
  });
};

const copyOutput = async (stream: Duplex, options: ExecOptions): Promise<void> => {
  const frames = options.tty === true ? undefined : new FrameReader();
  for await (const chunk of readChunks(stream, { signal: options.signal })) {
    if (frames === undefined) {
      await write(options.stdout, chunk);
      continue;
    }
    for (const frame of frames.push(chunk)) await write(options[frame.stream], frame.data);
  }
};

/** Keeps the terminal's size; a command that has just ended has none any more. */
const followSize = (exec: Docker.Exec, options: ExecOptions): void => {
  if (options.tty !== true) return;
  const resize = async (size: { columns: number; rows: number }): Promise<void> => {
    for (let attempt = 1; attempt <= RESIZE_TRIES; attempt += 1) {
      try {
        await exec.resize({ w: size.columns, h: size.rows });
        return;
      } catch {
        // The command is not up yet, or no longer: the size is a courtesy.
        await sleep(attempt * 10);
      }
    }
  };
  if (options.size !== undefined) void resize(options.size);
  options.onResize?.((size) => void resize(size));
};

export const execCalls = (
  transport: Transport,
  dockerode: DockerodeSource,
): Pick<Engine, 'exec'> => {
  const exitCode = async (exec: Docker.Exec, call: Parameters<typeof withDockerode>[1]) => {
    for (let look = 1; ; look += 1) {
      const { Running, ExitCode } = await withDockerode(transport, call, (abortSignal) =>
        exec.inspect({ abortSignal }),
      );
      if (!Running && ExitCode !== null) return ExitCode;
      if (look === EXIT_LOOKS) return ExitCode ?? 0;
      await sleep(EXIT_LOOK_MS);
    }
  };

  return {
    /** A given deadline is for the command as a whole. When it is given up, the command runs on in its container. */
    async exec(id, options) {
      const subject = containerSubject(id);
      const call = {
        operation: 'exec',
        subject,
        options,
        deadlineMs: DEFAULT_DEADLINE_MS,
      } as const;
      const container = (await dockerode()).getContainer(id);
      const exec = await withDockerode(transport, call, (abortSignal) =>
        container.exec({ ...createBody(options), abortSignal }),
      );
      const stream = await withDockerode(transport, call, (abortSignal) =>
        exec.start({
          hijack: true,
          stdin: options.stdin !== undefined,
          Tty: options.tty === true,
          abortSignal,
        }),
      );
      // Reading reports what breaks; a write that comes too late must not end the program.
      stream.on('error', () => undefined);
      followSize(exec, options);
      if (options.stdin !== undefined) options.stdin.pipe(stream);
      try {
        await copyOutput(stream, options);
      } catch (error) {
        throw transport.explain(error, { what: `exec in ${subject}`, deadlineMs: 0 });
      } finally {
        options.stdin?.unpipe(stream);
      }
      return await exitCode(exec, call);
    },
  };
};
