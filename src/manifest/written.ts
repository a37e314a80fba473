import type { EnvValue } from '../model/container.ts';
import type {
  EnvironmentSpec,
  NetworkSpec,
  ProjectSpec,
  ServiceSpec,
  VolumeSpec,
} from '../model/documents.ts';

/** A valid manifest as its author wrote it, with the variant applied and the variables expanded. */
export type WrittenManifest =
  | Written<'Project', ProjectSpec>
  | Written<'Service', WrittenServiceSpec>
  | Written<'Network', NetworkSpec>
  | Written<'Volume', VolumeSpec>
  | Written<'Config', WrittenContent>
  | Written<'Secret', WrittenContent>
  | Written<'Environment', EnvironmentSpec>;

interface Written<Kind extends string, Spec> {
  readonly kind: Kind;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Spec;
}

export interface WrittenServiceSpec extends Omit<ServiceSpec, 'env'> {
  readonly env?: Readonly<Record<string, EnvValue | null>>;
  readonly envFile?: string | readonly string[];
  readonly variants?: Readonly<Record<string, unknown>>;
}

/** Exactly one of them is set. */
export interface WrittenContent {
  readonly file?: string;
  readonly env?: string;
  readonly content?: string;
}
