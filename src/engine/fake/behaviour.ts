import type { ContainerSpec } from '../../model/container.ts';

/** What a health check finds. */
export type ProbeVerdict = 'good' | 'bad' | 'hangs';

export interface Utterance {
  readonly afterMs: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** What a command does in a container of the fake. All absent: it runs for ever, hears SIGTERM, is healthy. */
export interface Behaviour {
  /** The command is not in the image. */
  readonly missing?: boolean;
  readonly exitsAfterMs?: number;
  readonly exitCode?: number;
  readonly oom?: boolean;
  /** Runs on when it is asked to stop. */
  readonly ignoresStop?: boolean;
  readonly health?: ProbeVerdict;
  readonly output?: readonly Utterance[];
  /** The n-th line, from 1, said every so many ms. */
  readonly chatter?: { readonly everyMs: number; readonly line: (n: number) => string };
  readonly memoryBytes?: number;
  readonly cpuCores?: number;
}

/** Decides what a command does when its container starts. */
export type Program = (command: readonly string[], spec: ContainerSpec) => Behaviour;
