import type { Limits } from '../model/container.ts';
import { defaults } from '../model/defaults.ts';
import type { ContainerTemplate, RecoveryPolicy } from '../model/desired.ts';
import type { LoggingSpec, RecoverySpec, ResourcesSpec, ServiceSpec } from '../model/documents.ts';
import { bytes, milliseconds, nanoCpus } from './measures.ts';
import { capability, deviceMapping, signalName, ulimit } from './shapes.ts';

/** The object without what is undefined. */
type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const defined = <T extends object>(value: T): Defined<T> => {
  const result: Defined<T> = { ...value };
  for (const key in result) {
    if (result[key] === undefined) delete result[key];
  }
  return result;
};

const listed = <T>(values: readonly T[] | undefined): readonly T[] | undefined =>
  values === undefined || values.length === 0 ? undefined : values;

const renderLogging = (logging: LoggingSpec | undefined): ContainerTemplate['logging'] => {
  const set = { ...defaults.LoggingSpec, ...logging };
  return { maxSizeBytes: bytes(set.maxSize), maxFiles: set.maxFiles };
};

/** What all containers of a service have in common, in the engine's units. */
export const renderTemplate = (spec: ServiceSpec): ContainerTemplate => ({
  ...defined({
    entrypoint: spec.entrypoint,
    command: spec.command,
    workingDir: spec.workingDir,
    user: spec.user,
    hostname: spec.hostname,
    tty: spec.tty,
    stdin: spec.stdin,
    init: spec.init,
    platform: spec.platform,
    readOnlyRootFilesystem: spec.security?.readOnlyRootFilesystem,
    noNewPrivileges: spec.security?.noNewPrivileges,
    privileged: spec.security?.privileged,
    capAdd: listed(spec.security?.capAdd?.map(capability)),
    capDrop: listed(spec.security?.capDrop?.map(capability)),
    stopSignal: spec.stop?.signal === undefined ? undefined : signalName(spec.stop.signal),
    logging: renderLogging(spec.logging),
    extraHosts: listed(spec.extraHosts),
    dns: listed(spec.dns),
    sysctls: spec.sysctls,
    ulimits: listed(Object.entries(spec.ulimits ?? {}).map(([name, one]) => ulimit(name, one))),
    shmSizeBytes: spec.shmSize === undefined ? undefined : bytes(spec.shmSize),
    devices: listed(spec.devices?.map(deviceMapping)),
    gpus: spec.gpus,
    groupAdd: listed(spec.groupAdd),
  }),
});

export const renderLimits = (resources: ResourcesSpec | undefined): Limits =>
  defined({
    memoryBytes: resources?.memory === undefined ? undefined : bytes(resources.memory),
    memoryReservationBytes:
      resources?.memoryReservation === undefined ? undefined : bytes(resources.memoryReservation),
    nanoCpus: resources?.cpus === undefined ? undefined : nanoCpus(resources.cpus),
    pids: resources?.pids,
  });

export const renderRecovery = (recovery: RecoverySpec | undefined): RecoveryPolicy => {
  const set = { ...defaults.RecoverySpec, ...recovery };
  const backoff = { ...defaults.BackoffSpec, ...recovery?.backoff };
  return {
    action: set.action,
    restarts: set.restarts,
    verifyAfterMs: milliseconds(set.verifyAfter),
    backoffInitialMs: milliseconds(backoff.initial),
    backoffMaxMs: milliseconds(backoff.max),
  };
};
