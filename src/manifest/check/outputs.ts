import type { ProjectSpec } from '../../model/documents.ts';

export interface OutputReference {
  /** The output's name. */
  readonly output: string;
  /** As written. */
  readonly reference: string;
  readonly service: string;
  /** Absent for `${host.service}`, and for `${port.service}`, which is the first port. */
  readonly port: string | undefined;
}

/** The references to hosts and ports in a project's outputs. */
export function outputReferences(spec: ProjectSpec): readonly OutputReference[] {
  return Object.entries(spec.outputs ?? {}).flatMap(([output, text]) =>
    [...text.matchAll(/\$\{(host|port)\.([^.}]+)(?:\.([^}]+))?\}/g)].map((match) => ({
      output,
      reference: match[0],
      service: match[2] ?? '',
      port: match[3],
    })),
  );
}
