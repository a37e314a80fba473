import type { Labels } from '../../model/labels.ts';
import type { ContainerFilter } from '../api.ts';

/** Whether all of `key` and `key=value` hold. */
export const hasLabels = (labels: Labels, filter: ContainerFilter | undefined): boolean =>
  (filter?.labels ?? []).every((wanted) => {
    const equals = wanted.indexOf('=');
    return equals < 0
      ? labels[wanted] !== undefined
      : labels[wanted.slice(0, equals)] === wanted.slice(equals + 1);
  });
