import type { AttachmentSpec, ServiceSpec } from '../../model/documents.ts';
import type { Path } from '../node.ts';

/** The networks that a service says it joins, with where each is written. */
export const attachmentsOf = (
  spec: ServiceSpec,
): readonly { readonly attachment: AttachmentSpec; readonly path: Path }[] =>
  (spec.networks ?? []).map((one, index) => ({
    attachment: typeof one === 'string' ? { name: one } : one,
    path: ['spec', 'networks', index],
  }));
