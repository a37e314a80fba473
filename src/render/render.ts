import { defaults } from '../model/defaults.ts';
import type { DesiredProject } from '../model/desired.ts';
import type { SubnetPoolSpec } from '../model/documents.ts';
import type { AppRecord } from '../model/record.ts';
import { sha256 } from './canonical-fields.ts';
import { withProjectDefaults } from './effective.ts';
import type { SecretHashes } from './hash.ts';
import { milliseconds, portRange } from './measures.ts';
import { renderNetworks } from './networks.ts';
import { renderRemovals, splitDocuments } from './removals.ts';
import { renderService } from './service.ts';
import { renderSubnetPool } from './subnet-pool.ts';
import { renderVolumes } from './volumes.ts';

export interface RenderInput {
  /** What was applied, or would be: a preview renders a record that is not written. */
  readonly record: AppRecord;
  /** Of every secret whose value is there; one that is missing compares as unchanged. */
  readonly secretHashes: SecretHashes;
  /** Unix ms: a pause may have ended. */
  readonly now: number;
  /** This machine's pool (`parseSubnetPool` of L9_SUBNET_POOL); a project's own goes before it. */
  readonly subnetPool?: SubnetPoolSpec;
  /** The id of the environment that the project is a copy of. */
  readonly environment?: string;
}

const isPaused = (record: AppRecord, now: number): boolean =>
  record.paused && (record.pausedUntil === null || record.pausedUntil > now);

/**
 * What should be on the engine, complete and absolute: documents, image pins and overrides of the record,
 * the project's defaults, then l9's own. Pure, and sorted by name.
 *
 * Throws RecordUnreadable for durations, sizes and ports that no validated manifest can hold.
 */
export const renderProject = (input: RenderInput): DesiredProject => {
  const { record } = input;
  const split = splitDocuments(record);
  const { staying } = split;
  const project = staying.project?.spec ?? split.leaving.project?.spec;
  const scope = {
    project: record.project,
    defaults: project?.defaults,
    networks: staying.networks,
    volumes: staying.volumes,
    configs: new Map(staying.configs.map((config) => [config.name, config.spec.content])),
    secretHashes: input.secretHashes,
  };
  const specs = staying.services.map((one) => withProjectDefaults(one.spec, scope.defaults));
  return {
    name: record.project,
    path: record.path,
    pathHash: sha256(record.path),
    generation: record.current.generation,
    lifecycle: project?.lifecycle ?? defaults.ProjectSpec.lifecycle,
    idleGraceMs: milliseconds(project?.idleGrace ?? defaults.ProjectSpec.idleGrace),
    portRange: portRange(project?.ports?.range ?? defaults.PortsSpec.range),
    subnetPool: renderSubnetPool(project, input.subnetPool),
    outputs: project?.outputs ?? {},
    paused: isPaused(record, input.now),
    ...(input.environment === undefined ? {} : { environment: input.environment }),
    removing: renderRemovals(record, split),
    services: staying.services.map((document) =>
      renderService(document, scope, {
        pin: record.current.images[document.name],
        override: record.overrides[document.name],
      }),
    ),
    networks: renderNetworks(record.project, staying.networks, specs),
    volumes: renderVolumes(record.project, staying.volumes, specs),
  };
};
