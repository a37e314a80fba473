import { L9Error } from '../../src/model/errors.ts';

/** The L9Error that `work` fails with; anything else, success too, is thrown on. */
export const failure = async (work: () => unknown): Promise<L9Error> => {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    if (error instanceof L9Error) return error;
    throw error;
  }
  throw new Error(`expected an L9Error, got ${JSON.stringify(result)}`);
};
