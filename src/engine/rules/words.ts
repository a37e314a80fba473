import type { Answer, Operation } from '../answers.ts';

/** The engine's words at the end of a sentence, without a full stop of their own. */
export const words = (answer: Answer): string => answer.message.trim().replace(/\.$/, '');

export const shortId = (id: string): string => id.slice(0, 12);

/** Calls that bring a container up. */
export const startLike: readonly Operation[] = ['startContainer', 'restartContainer'];
