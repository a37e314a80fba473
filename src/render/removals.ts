import type { Removals } from '../model/desired.ts';
import type { NetworkDocument, ServiceDocument, VolumeDocument } from '../model/documents.ts';
import type { AppRecord } from '../model/record.ts';
import { withProjectDefaults } from './effective.ts';
import { engineNetworkName, joinedNetworks } from './networks.ts';
import type { ProjectDocuments } from './scope.ts';
import { groupDocuments } from './scope.ts';
import { renderDependencies, stopGraceMs } from './service.ts';
import { engineVolumeName, filesVolumeName } from './volumes.ts';

/** What is on its way out, and what stays. */
export interface Leaving {
  readonly staying: ProjectDocuments;
  readonly leaving: ProjectDocuments;
  /** `kind/name` of the tombstones whose data was consented to. */
  readonly withData: ReadonlySet<string>;
}

const keyOf = (document: { readonly kind: string; readonly name: string }): string =>
  `${document.kind}/${document.name}`;

/**
 * Tells what stays from what leaves. What was applied again since it was deleted stays; when the whole
 * project is being deleted everything leaves, and its services even without a tombstone of their own.
 */
export const splitDocuments = (record: AppRecord): Leaving => {
  const current = record.current.documents;
  const applied = new Set(record.deleting ? [] : current.map(keyOf));
  const buried = record.tombstones.filter((one) => !applied.has(keyOf(one.document)));
  const known = new Set(buried.map((one) => keyOf(one.document)));
  const rest = record.deleting ? current.filter((one) => !known.has(keyOf(one))) : [];
  return {
    staying: groupDocuments(record.deleting ? [] : current),
    leaving: groupDocuments([...buried.map((one) => one.document), ...rest]),
    withData: new Set(buried.filter((one) => one.withData).map((one) => keyOf(one.document))),
  };
};

const networksToRemove = (record: AppRecord, { staying, leaving }: Leaving): string[] => {
  const { project } = record;
  const kept = new Set([
    ...staying.networks.map((network) => network.name),
    ...staying.services.flatMap((service) => joinedNetworks(service.spec)),
  ]);
  const declared = leaving.networks.filter((network) => network.spec.external !== true);
  const names = new Set(declared.map((network) => network.name));
  if (record.deleting) {
    // Networks that are there without a manifest go with the project.
    names.add('default');
    for (const service of leaving.services) {
      for (const name of joinedNetworks(service.spec)) names.add(name);
    }
  }
  const document = (name: string): NetworkDocument | undefined =>
    leaving.networks.find((network) => network.name === name);
  return [...names]
    .filter((name) => !kept.has(name) && document(name)?.spec.external !== true)
    .map((name) => engineNetworkName(project, name, document(name)));
};

const mayGo = (volume: VolumeDocument): boolean =>
  volume.spec.reclaimPolicy === 'Delete' && volume.spec.external !== true;

/**
 * Data goes only by consent, and where the manifest says so too; volumes behind an image's own VOLUME
 * paths have no manifest that could say so, and stay. A service's copies of its configs and
 * secrets are no data of anybody's: they go with the service.
 */
const volumesToRemove = (record: AppRecord, { leaving, withData }: Leaving): string[] => [
  ...leaving.volumes
    .filter((volume) => mayGo(volume) && withData.has(keyOf(volume)))
    .map((volume) => engineVolumeName(record.project, volume.name, volume)),
  ...leaving.services
    .filter((service) => filesOf(service))
    .map((service) => filesVolumeName(record.project, service.name)),
];

const filesOf = (service: ServiceDocument): boolean =>
  (service.spec.volumes ?? []).some(
    (mount) => mount.config !== undefined || mount.secret !== undefined,
  );

/** What has to go from the engine. */
export const renderRemovals = (record: AppRecord, split: Leaving): Removals => {
  const project = split.staying.project ?? split.leaving.project;
  return {
    services: split.leaving.services.map((service) => {
      const spec = withProjectDefaults(service.spec, project?.spec.defaults);
      return {
        name: service.name,
        dependsOn: renderDependencies(record.project, spec)
          .filter((dependency) => dependency.project === record.project)
          .map((dependency) => dependency.service),
        stopGraceMs: stopGraceMs(spec),
      };
    }),
    networks: networksToRemove(record, split).toSorted(),
    volumes: volumesToRemove(record, split).toSorted(),
  };
};
