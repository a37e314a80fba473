import { defaultFileMode, defaults } from '../model/defaults.ts';
import type { Ulimit, DeviceMapping } from '../model/container.ts';
import type {
  AttachmentSpec,
  DependencySpec,
  DeviceSpec,
  MountSpec,
  PortSpec,
  ServiceSpec,
  UlimitSpec,
} from '../model/documents.ts';
import { permissionBits } from './measures.ts';

/** '/dev/x', '/dev/x:/dev/y', '/dev/x:rw' or '/dev/x:/dev/y:rwm', or the same as an object. */
export const deviceMapping = (device: string | DeviceSpec): DeviceMapping => {
  if (typeof device !== 'string') {
    return {
      host: device.host,
      container: device.container ?? device.host,
      permissions: device.permissions ?? defaults.DeviceSpec.permissions,
    };
  }
  const [host = '', ...rest] = device.split(':');
  const container = rest.find((part) => part.startsWith('/')) ?? host;
  const permissions = rest.find((part) => !part.startsWith('/')) ?? defaults.DeviceSpec.permissions;
  return { host, container, permissions };
};

/** One number stands for both limits. */
export const ulimit = (name: string, limit: number | UlimitSpec): Ulimit =>
  typeof limit === 'number'
    ? { name, soft: limit, hard: limit }
    : { name, soft: limit.soft, hard: limit.hard };

export const attachmentSpec = (attachment: string | AttachmentSpec): AttachmentSpec =>
  typeof attachment === 'string' ? { name: attachment } : attachment;

export const dependencySpec = (
  dependency: NonNullable<ServiceSpec['dependsOn']>[string],
): Required<DependencySpec> => ({
  ...defaults.DependencySpec,
  ...(typeof dependency === 'string' ? { condition: dependency } : dependency),
});

/** 'SIGTERM' for 'TERM'; numbers stay as they are. */
export const signalName = (signal: string): string =>
  /^\d+$/.test(signal) || signal.startsWith('SIG') ? signal : `SIG${signal}`;

/** 'NET_ADMIN' for 'CAP_NET_ADMIN'. */
export const capability = (name: string): string => name.replace(/^CAP_/, '');

/** Permission bits of the file that a config or secret is mounted as. */
export const fileMode = (mount: MountSpec): number =>
  mount.mode === undefined
    ? defaultFileMode[mount.secret === undefined ? 'config' : 'secret']
    : permissionBits(mount.mode);

/** What outputs, checks and labels call each port, in the order of the ports. */
export const portNames = (ports: readonly PortSpec[]): string[] => {
  const names: string[] = [];
  for (const port of ports) {
    const name = port.name ?? String(port.container);
    // One port number for two protocols, as DNS has it: the second is told apart by its protocol.
    names.push(
      names.includes(name) ? `${name}-${port.protocol ?? defaults.PortSpec.protocol}` : name,
    );
  }
  return names;
};
