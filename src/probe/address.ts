import type { ObservedContainer } from '../model/observed.ts';

export interface ProbeAddress {
  readonly host: string;
  readonly port: number;
}

/** Addresses that mean "all of the host's": they are reached over loopback. */
const EVERYWHERE = new Set(['', '0.0.0.0', '::']);

/**
 * Where a container's port can be reached from this process: the published port, else (on Linux) the
 * container's own address, else the host itself where it shares the host's network. Undefined while
 * there is none.
 */
export const probeAddress = (
  container: ObservedContainer,
  port: number,
): ProbeAddress | undefined => {
  const published = container.ports.find(
    (binding) => binding.container === port && binding.protocol === 'tcp',
  );
  if (published !== undefined) {
    return {
      host: EVERYWHERE.has(published.hostIP) ? '127.0.0.1' : published.hostIP,
      port: published.host,
    };
  }
  if (container.networkMode === 'host') return { host: '127.0.0.1', port };
  const address = container.attachments.find((attachment) => attachment.ip !== '')?.ip;
  return address === undefined ? undefined : { host: address, port };
};
