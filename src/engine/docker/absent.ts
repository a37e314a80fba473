import type { EngineErrorCode } from '../answers.ts';
import { hasCode } from '../errors.ts';

/** The answer, or undefined where the engine said with this code that there is no such thing. */
export const orUndefined = async <T>(
  answer: Promise<T>,
  code: EngineErrorCode,
): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, code)) return undefined;
    throw error;
  }
};

/** For writes whose goal is reached when the engine answers with one of these codes. */
export const alreadyTrue = async (
  answer: Promise<unknown>,
  ...codes: EngineErrorCode[]
): Promise<void> => {
  try {
    await answer;
  } catch (error) {
    if (!codes.some((code) => hasCode(error, code))) throw error;
  }
};
