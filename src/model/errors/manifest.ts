import { defineErrors } from './define.ts';

/** Errors and warnings about what people wrote. Nothing was touched. */
export const manifestErrors = defineErrors({
  ManifestNotFound: {
    title: 'There is no manifest where one was looked for.',
    remedy: 'Name a file or folder with -f, or run the command in a folder with an l9.yaml.',
    exit: 2,
    retry: false,
  },
  InvalidManifests: {
    title: 'The manifests have mistakes; nothing was touched.',
    remedy:
      'Every mistake is listed with its place and a hint. Mend them and run the command again.',
    exit: 2,
    retry: false,
  },
  InvalidYaml: {
    title: 'A file is no valid YAML, or uses YAML that manifests may not use.',
    remedy: 'Look at the line shown; the hint says what YAML expects there.',
    exit: 2,
    retry: false,
  },
  ManifestUnreadable: {
    title: 'A manifest, or a file that it names, could not be read.',
    remedy: 'Look at its path and permissions. Text must be UTF-8.',
    exit: 2,
    retry: false,
  },
  ManifestTooLarge: {
    title: 'A manifest is larger than the limit.',
    remedy: 'Split it, put data into files of their own, or raise the limit with --max-size.',
    exit: 2,
    retry: false,
  },
  ManifestTooComplex: {
    title: 'A manifest holds too many values, or its aliases expand to too many.',
    remedy: 'Write less in one document; aliases of aliases multiply.',
    exit: 2,
    retry: false,
  },
  NotAManifest: {
    title: 'A document is no manifest of l9.',
    remedy:
      'A manifest has apiVersion, kind, metadata and spec. In folders, YAML files without any of them are passed over with a warning.',
    exit: 2,
    retry: false,
  },
  ComposeNotSupportedYet: {
    title: 'The file is a Compose file, which this version of l9 does not read yet.',
    remedy:
      'Write an l9.yaml; docs/coming-from-kubectl-and-compose.md shows how the fields correspond.',
    exit: 2,
    retry: false,
  },
  UnknownKind: {
    title: 'There is no such kind of manifest.',
    remedy: 'Kinds are Project, Service, Network, Volume, Config, Secret and Environment.',
    exit: 2,
    retry: false,
  },
  UnsupportedApiVersion: {
    title: 'The apiVersion is missing or none that this version of l9 understands.',
    remedy: 'Write apiVersion: l9.dev/v1, or update l9.',
    exit: 2,
    retry: false,
  },
  UnknownField: {
    title: 'A field does not exist at this place.',
    remedy: '`l9 explain` lists the fields of every object.',
    exit: 2,
    retry: false,
  },
  MissingField: {
    title: 'A required field is missing.',
    remedy: '`l9 explain` says what each field means and shows an example.',
    exit: 2,
    retry: false,
  },
  InvalidValue: {
    title: 'A value is not of the kind that its field takes.',
    remedy: '`l9 explain` says what the field takes and shows an example.',
    exit: 2,
    retry: false,
  },
  ConflictingFields: {
    title: 'Fields stand together that exclude each other.',
    remedy: 'Keep the one that you mean.',
    exit: 2,
    retry: false,
  },
  VariableUnset: {
    title: 'A manifest uses a variable that is not set.',
    remedy: 'Set it in the environment or in .env, or give it a default: ${NAME:-default}.',
    exit: 2,
    retry: false,
  },
  InvalidVariable: {
    title: 'Something that looks like a variable is none.',
    remedy:
      'Variables are ${NAME}, ${NAME:-default}, ${NAME:?message} and ${NAME:+text}; a $ that is meant as such is written $$.',
    exit: 2,
    retry: false,
  },
  InvalidEnvFile: {
    title: 'A line of an environment file cannot be understood.',
    remedy: 'Lines are NAME=value, with quotes where the value has spaces at its ends or #.',
    exit: 2,
    retry: false,
  },
  NoProject: {
    title: 'An object belongs to no project.',
    remedy: 'Write metadata.project, or add a Project document to the same file or folder.',
    exit: 2,
    retry: false,
  },
  AmbiguousProject: {
    title: 'An object could belong to several projects.',
    remedy: 'Write metadata.project.',
    exit: 2,
    retry: false,
  },
  UnknownVariant: {
    title: 'No service has the variant.',
    remedy: 'Name one that a service has under spec.variants.',
    exit: 2,
    retry: false,
  },
  DuplicateName: {
    title: 'Two things have one name.',
    remedy:
      'Names are unique for a kind in a project, ports and mounts in their service. Rename or remove one.',
    exit: 2,
    retry: false,
  },
  UnknownReference: {
    title: 'A manifest names something that does not exist.',
    remedy: 'Correct the name, or add what it names.',
    exit: 2,
    retry: false,
  },
  CircularDependency: {
    title: 'Services wait for each other in a circle.',
    remedy: 'Take one dependency out of the circle that is printed.',
    exit: 2,
    retry: false,
  },
  PortConflict: {
    title: 'Two services want one port of the host.',
    remedy: 'Give one of them another port, or host: auto.',
    exit: 2,
    retry: false,
  },
  FixedPortReplicas: {
    title: 'Several instances of a service cannot share one fixed port of the host.',
    remedy: 'Write host: auto, or replicas: 1.',
    exit: 2,
    retry: false,
  },
  FileMissing: {
    title: 'A file or folder that a manifest names does not exist.',
    remedy: 'Create it or correct the path. Paths are relative to the folder of the manifest.',
    exit: 2,
    retry: false,
  },
  NoHealthcheck: {
    title: 'Warning: a service has no health check, so l9 only sees that it runs.',
    remedy: 'Add a healthcheck; for images that everybody knows the warning has one to paste.',
    exit: 2,
    retry: false,
  },
  SlowDetection: {
    title: 'Warning: a failure of the service would be detected only after more than a minute.',
    remedy: 'Lower interval, timeout or retries of its health check.',
    exit: 2,
    retry: false,
  },
  NoMemoryLimit: {
    title: 'Warning: a service may use all memory of the machine.',
    remedy: 'Set resources.memory, in the service or in the defaults of the project.',
    exit: 2,
    retry: false,
  },
  SecretInEnv: {
    title: 'Warning: a plain variable has a name that looks like a secret.',
    remedy: 'Plain variables are recorded in clear. Use { secret: name }, or mount the secret.',
    exit: 2,
    retry: false,
  },
  DependencyNeverHolds: {
    title: 'A service waits for something that cannot come about.',
    remedy:
      'Wait for completed of services with restart: never or onFailure, and for healthy or started of the others.',
    exit: 2,
    retry: false,
  },
  NotYetEffective: {
    title: 'Warning: this version of l9 keeps the field but does nothing with it yet.',
    remedy: 'Leave it for later versions, or remove it.',
    exit: 2,
    retry: false,
  },
});
