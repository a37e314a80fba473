/** Label keys on everything that l9 makes. They are public: scripts and other tools read them. */
export const label = {
  managed: 'com.l9.managed',
  project: 'com.l9.project',
  projectHash: 'com.l9.project_hash',
  projectPath: 'com.l9.project_path',
  service: 'com.l9.service',
  instance: 'com.l9.instance',
  specHash: 'com.l9.spec_hash',
  generation: 'com.l9.generation',
  created: 'com.l9.created',
  port: 'com.l9.port',
  critical: 'com.l9.critical',
  recovery: 'com.l9.recovery',
  environment: 'com.l9.environment',
  /**
   * `<project>/<service>` on images that l9 built. One label of its own, since containers inherit
   * their image's labels: `project`, `service` or `kind` would make strangers' containers look like ours.
   */
  build: 'com.l9.build',
  /** What an object is, where it is not a container: network, volume, files, record, lock … */
  kind: 'com.l9.kind',
} as const;

export type Labels = Readonly<Record<string, string>>;

/** The label that holds the host port of one named port. */
export const portLabel = (name: string): string => `${label.port}.${name}`;

/** True when `key` belongs to l9, so that a person's manifest may not set it. */
export const isOwnLabel = (key: string): boolean => key.startsWith('com.l9.');

/** Values of the `com.l9.kind` label. */
export type ObjectKind =
  | 'network'
  | 'volume'
  | 'files'
  | 'app-record'
  | 'recovery-record'
  | 'evidence-record'
  | 'secret-values'
  | 'lock'
  | 'beat'
  | 'courier'
  | 'secret-holder';
