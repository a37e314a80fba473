import { expect, it } from 'vitest';
import { openLog } from '../../../src/print/log.ts';
import { openTerminal } from '../../../src/print/terminal.ts';
import { failed, planned, planReady } from './trace.ts';

const logged = async (isTTY: boolean): Promise<string> => {
  let written = '';
  const terminal = openTerminal(
    { isTTY, write: (text) => (written += text) },
    { wanted: false, env: {} },
  );
  const log = await openLog(terminal);
  const create = planned('createContainer', 'redis-1');
  log.emit(planReady(create));
  log.emit(failed(create, 'name taken'));
  log.emit({ type: 'remark', level: 'warning', message: 'no login' });
  return written;
};

it('is JSON for programs, a record a line, with what names an action and nothing that it holds', async () => {
  const records: Record<string, unknown>[] = (await logged(false))
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(records).toMatchObject([
    { level: 30, msg: 'planReady', project: 'shop', actions: ['createContainer:redis-1'] },
    {
      level: 50,
      msg: 'actionFailed',
      action: 'createContainer:redis-1',
      does: 'createContainer',
      message: 'name taken',
      code: 'PortTaken',
      cause: 'missing',
    },
    { level: 40, msg: 'remark', message: 'no login' },
  ]);
  expect(JSON.stringify(records)).not.toContain('"env"');
});

it('is a line for people on a terminal', async () => {
  const [line] = (await logged(true)).split('\n');
  expect(line).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} info {2}planReady project="shop" actions=\["createContainer:redis-1"\]$/,
  );
});
