import { label } from '../model/labels.ts';
import type { Labels } from '../model/labels.ts';

/** Who made something, told from its labels, for messages: "l9 project memory", "Compose project shop". */
export const describeOwner = (labels: Labels): string => {
  const own = labels[label.project];
  if (labels[label.managed] === 'true' && own !== undefined) return `l9 project ${own} has it`;
  const compose = labels['com.docker.compose.project'];
  if (compose !== undefined) return `Compose project ${compose} has it`;
  const stack = labels['com.docker.stack.namespace'];
  if (stack !== undefined) return `the Swarm stack ${stack} has it`;
  return 'somebody made it without l9';
};
