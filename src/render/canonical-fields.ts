import { createHash } from 'node:crypto';
import { canonicalJson } from '../model/canonical-json.ts';
import { defaultFileMode, defaults } from '../model/defaults.ts';
import type { HealthcheckSpec, MountSpec, PortSpec, ServiceSpec } from '../model/documents.ts';
import type { RecreatedField } from '../plan/fields.ts';
import { bytes, milliseconds } from './measures.ts';
import { capability, deviceMapping, fileMode, signalName, ulimit } from './shapes.ts';

/** What a field's canonical form needs to know beyond the service itself. */
export interface CanonicalScope {
  /** The tag of a build's inputs, once they were looked at. */
  readonly buildTag: string | undefined;
  /** Content of the project's configs by name. */
  readonly configs: ReadonlyMap<string, string>;
  /** Names on the engine of volumes whose manifest states one, by name. */
  readonly volumeNames: ReadonlyMap<string, string>;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The value, or nothing when it is what l9 does anyway. */
const unless = <T>(value: T | undefined, byDefault: T): T | undefined =>
  value === byDefault ? undefined : value;

const nonEmpty = <T extends object>(value: T): T | undefined =>
  Object.values(value).every((one) => one === undefined) ? undefined : value;

/** A list whose order means nothing to Docker. */
const unordered = (values: readonly unknown[]): unknown =>
  values.length === 0
    ? undefined
    : values.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));

const ordered = (values: readonly unknown[]): unknown => (values.length === 0 ? undefined : values);

const canonicalPort = (port: PortSpec): unknown => ({
  name: unless(port.name, String(port.container)),
  container: port.container,
  host: port.host,
  hostIP: unless(port.hostIP, defaults.PortSpec.hostIP),
  protocol: unless(port.protocol, defaults.PortSpec.protocol),
});

const canonicalMount = (mount: MountSpec, scope: CanonicalScope): unknown => {
  const { path } = mount;
  if (mount.config !== undefined) {
    const content = scope.configs.get(mount.config);
    return {
      path,
      config: mount.config,
      content: content === undefined ? undefined : sha256(content),
      mode: unless(fileMode(mount), defaultFileMode.config),
    };
  }
  if (mount.secret !== undefined) {
    return { path, secret: mount.secret, mode: unless(fileMode(mount), defaultFileMode.secret) };
  }
  return {
    path,
    volume: mount.volume,
    engineName: mount.volume === undefined ? undefined : scope.volumeNames.get(mount.volume),
    bind: mount.bind,
    tmpfs: mount.tmpfs === undefined ? undefined : bytes(mount.tmpfs),
    readOnly: unless(mount.readOnly, defaults.MountSpec.readOnly),
  };
};

const canonicalCheck = (check: HealthcheckSpec): unknown => {
  if (check.disable === true) return { disable: true };
  if (check.exec === undefined) return undefined;
  const standard = defaults.HealthcheckSpec;
  const time = (value: string | undefined, byDefault: string): number | undefined =>
    value === undefined ? undefined : unless(milliseconds(value), milliseconds(byDefault));
  return {
    exec: check.exec,
    interval: time(check.interval, standard.interval),
    timeout: time(check.timeout, standard.timeout),
    retries: unless(check.retries, standard.retries),
    startPeriod: time(check.startPeriod, standard.startPeriod),
  };
};

type Canonical<K extends RecreatedField> = (
  value: NonNullable<ServiceSpec[K]>,
  scope: CanonicalScope,
) => unknown;

/**
 * For every field that takes a new container to change: what the engine would be told, however it was
 * spelled; undefined for what says no more than the default. Total, so that no new field is forgotten.
 *
 * Frozen: whatever changes the result for a manifest that people have changes the hash, and needs a
 * new HASH_VERSION.
 */
export const canonicalFields: { readonly [K in RecreatedField]: Canonical<K> } = {
  image: (image) => image,
  build: (build, scope) =>
    scope.buildTag === undefined
      ? {
          context: build.context,
          dockerfile: unless(build.dockerfile, defaults.BuildSpec.dockerfile),
          target: build.target,
          args: nonEmpty(build.args ?? {}),
          secrets: unordered(build.secrets ?? []),
        }
      : { tag: scope.buildTag },
  platform: (platform) => platform,
  entrypoint: (entrypoint) => entrypoint,
  command: (command) => command,
  workingDir: (path) => path,
  user: (user) => user,
  groupAdd: unordered,
  hostname: (hostname) => hostname,
  tty: (tty) => unless(tty, defaults.ServiceSpec.tty),
  stdin: (stdin) => unless(stdin, defaults.ServiceSpec.stdin),
  init: (init) => unless(init, defaults.ServiceSpec.init),
  env: (env) => nonEmpty(env),
  ports: (ports) => unordered(ports.map(canonicalPort)),
  volumes: (volumes, scope) => unordered(volumes.map((mount) => canonicalMount(mount, scope))),
  networkMode: (mode) => mode,
  extraHosts: ordered,
  dns: ordered,
  healthcheck: canonicalCheck,
  security: (security) =>
    nonEmpty({
      readOnlyRootFilesystem: unless(
        security.readOnlyRootFilesystem,
        defaults.SecuritySpec.readOnlyRootFilesystem,
      ),
      noNewPrivileges: unless(security.noNewPrivileges, defaults.SecuritySpec.noNewPrivileges),
      privileged: unless(security.privileged, defaults.SecuritySpec.privileged),
      capAdd: unordered((security.capAdd ?? []).map(capability)),
      capDrop: unordered((security.capDrop ?? []).map(capability)),
    }),
  sysctls: (sysctls) => nonEmpty(sysctls),
  ulimits: (limits) => {
    const all = Object.entries(limits).map(([name, limit]) => [name, ulimit(name, limit)]);
    return nonEmpty(Object.fromEntries(all));
  },
  shmSize: (size) => bytes(size),
  devices: (devices) => unordered(devices.map(deviceMapping)),
  gpus: (gpus) => gpus,
  stop: (stop) => (stop.signal === undefined ? undefined : { signal: signalName(stop.signal) }),
  logging: (logging) =>
    nonEmpty({
      maxSize:
        logging.maxSize === undefined
          ? undefined
          : unless(bytes(logging.maxSize), bytes(defaults.LoggingSpec.maxSize)),
      maxFiles: unless(logging.maxFiles, defaults.LoggingSpec.maxFiles),
    }),
};
