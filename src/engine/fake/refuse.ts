import type { L9Error } from '../../model/errors.ts';
import type { Answer } from '../answers.ts';
import { classifyAnswer } from '../errors.ts';

/** The error that Docker's answer stands for: the fake says what Docker says, and has it read the same way. */
export const refusal = (
  operation: Answer['operation'],
  subject: string,
  answer: Pick<Answer, 'status' | 'message'>,
): L9Error => classifyAnswer({ operation, subject, ...answer });

export const noSuchContainer = (operation: Answer['operation'], id: string): L9Error =>
  refusal(operation, `container ${id}`, { status: 404, message: `No such container: ${id}` });
