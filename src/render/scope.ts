import type {
  ConfigDocument,
  ManifestDocument,
  ManifestKind,
  NetworkDocument,
  ProjectDocument,
  SecretDocument,
  ServiceDocument,
  VolumeDocument,
} from '../model/documents.ts';

/** The documents of one project by kind, each sorted by name. */
export interface ProjectDocuments {
  readonly project: ProjectDocument | undefined;
  readonly services: readonly ServiceDocument[];
  readonly networks: readonly NetworkDocument[];
  readonly volumes: readonly VolumeDocument[];
  readonly configs: readonly ConfigDocument[];
  readonly secrets: readonly SecretDocument[];
}

const ofKind = <K extends ManifestKind>(
  documents: readonly ManifestDocument[],
  kind: K,
): Extract<ManifestDocument, { kind: K }>[] =>
  documents
    .filter((one): one is Extract<ManifestDocument, { kind: K }> => one.kind === kind)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

export const groupDocuments = (documents: readonly ManifestDocument[]): ProjectDocuments => ({
  project: ofKind(documents, 'Project')[0],
  services: ofKind(documents, 'Service'),
  networks: ofKind(documents, 'Network'),
  volumes: ofKind(documents, 'Volume'),
  configs: ofKind(documents, 'Config'),
  secrets: ofKind(documents, 'Secret'),
});
