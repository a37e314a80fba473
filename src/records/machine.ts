import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemErrorCode } from '../model/guards.ts';

/** A process, told apart from every other on any machine and over reboots. Empty strings are "cannot tell". */
export interface ProcessIdentity {
  readonly machine: string;
  readonly boot: string;
  readonly pidNamespace: string;
  readonly pid: number;
  /** Clock ticks after boot at which it started: tells a reused pid apart. */
  readonly started: string;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
};

/** Field 22 of /proc/<pid>/stat; the name in field 2 may hold spaces and brackets. */
const startTime = (pid: number): string => {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
};

const namespaceOf = (): string => {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
};

/** Who this process is. */
export const thisProcess = (): ProcessIdentity => ({
  machine: read('/etc/machine-id') || hostname(),
  boot: read('/proc/sys/kernel/random/boot_id'),
  pidNamespace: namespaceOf(),
  pid: process.pid,
  started: startTime(process.pid),
});

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
};

/**
 * Whether `holder` is proved dead as seen from here: the same machine and pid namespace, and no
 * process of that pid and start time; or the same machine and another boot. Everything else proves
 * nothing.
 */
export const isProvedDead = (holder: ProcessIdentity, judge = thisProcess()): boolean => {
  if (holder.machine !== judge.machine) return false;
  if (holder.boot !== '' && judge.boot !== '' && holder.boot !== judge.boot) return true;
  if (holder.pidNamespace === '' || holder.pidNamespace !== judge.pidNamespace) return false;
  if (!exists(holder.pid)) return true;
  return holder.started !== '' && startTime(holder.pid) !== holder.started;
};
