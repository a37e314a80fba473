import type { ContainerStats, Engine } from '../api.ts';
import { inspectContainer } from './container-reads.ts';
import { containerPath, containerSubject } from './paths.ts';
import type { Transport } from './transport.ts';
import type { WireStats } from './wire.ts';

const cpuCores = ({ cpu_stats: now, precpu_stats: before }: WireStats): number => {
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const passed = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  if (used <= 0 || passed <= 0) return 0;
  // The system's time counts all cores, so the share of it times their number is cores.
  const cores = now.online_cpus || now.cpu_usage.percpu_usage?.length || 1;
  return (used / passed) * cores;
};

/** What cannot be given back: page cache that nobody touched lately is as good as free. */
const workingSet = ({ memory_stats: { usage = 0, stats } }: WireStats): number => {
  // cgroup v1 says total_inactive_file (with the children's), v2 inactive_file.
  const reclaimable = stats?.['total_inactive_file'] ?? stats?.['inactive_file'] ?? 0;
  return Math.max(0, usage - reclaimable);
};

export const statsCalls = (transport: Transport): Pick<Engine, 'stats'> => ({
  /** Takes one to two seconds: the engine waits for its second sample. Zeros where it does not run. */
  async stats(id, options): Promise<ContainerStats> {
    const [wire, container] = await Promise.all([
      transport.json<WireStats>({
        operation: 'stats',
        subject: containerSubject(id),
        method: 'GET',
        path: containerPath(id, '/stats?stream=0'),
        idempotent: true,
        options,
      }),
      // Without a limit the statistics show the machine's memory in its place.
      inspectContainer(transport, id, options),
    ]);
    return {
      id: container.Id,
      cpuCores: cpuCores(wire),
      memoryBytes: workingSet(wire),
      memoryLimitBytes: container.HostConfig.Memory,
      pids: wire.pids_stats.current ?? 0,
    };
  },
});
