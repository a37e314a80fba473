import { describe, expect, it } from 'vitest';
import { inProcessLock } from '../../../src/images/build-lock.ts';

describe('inProcessLock', () => {
  it('lets one at a time in, in the order of asking', async () => {
    const lock = inProcessLock();
    const seen: string[] = [];
    let inside = 0;
    await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const release = await lock.acquire('tag');
        inside += 1;
        expect(inside).toBe(1);
        await new Promise(setImmediate);
        seen.push(name);
        inside -= 1;
        await release();
      }),
    );
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('does not make other names wait', async () => {
    const lock = inProcessLock();
    await lock.acquire('a');
    await lock.acquire('b');
  });

  it('stays closed when one that waits gives up, and opens for the next', async () => {
    const lock = inProcessLock();
    const release = await lock.acquire('tag');
    const abort = new AbortController();
    const second = lock.acquire('tag', abort.signal);
    const third = lock.acquire('tag');
    let entered = false;
    void third.then(() => (entered = true));
    const reason = new Error('interrupted');
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    await new Promise(setImmediate);
    expect(entered).toBe(false);
    await release();
    await (
      await third
    )();
  });

  it('rejects at once with an aborted signal', async () => {
    const reason = new Error('interrupted');
    await expect(inProcessLock().acquire('a', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
