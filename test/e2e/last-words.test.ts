import { expect, test } from 'vitest';
import { l9 } from '../setup/cli.ts';
import { sleeper, stage } from '../setup/stage.ts';

test('a service without a health check that crashes at once is no success', async () => {
  const at = stage();
  at.manifests(sleeper('web', { command: ['sh', '-c', 'exit 3'] }));
  const applied = await at.l9(['apply']);
  expect(applied.code, applied.stderr).toBe(4);
  expect(applied.stderr).toMatch(/exited with code 3/);
});

test('bad input is told without an engine, and good input then asks for one', async () => {
  const at = stage();
  const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
  const file = at.write('bad.yaml', 'kind: [');
  for (const command of ['apply', 'plan', 'diff', 'validate']) {
    const told = await l9([command, '-f', file], { env, cwd: at.folder });
    expect(told.code, `${command}: ${told.stderr}`).toBe(2);
  }
  at.manifests(sleeper('web'));
  expect((await at.l9(['apply'], { env })).code).toBe(5);
});

test('a project is never guessed: a folder that none was applied from has none', async () => {
  const at = stage();
  at.manifests(sleeper('web'));
  await at.done(['apply']);
  const elsewhere = await l9(['stop'], { cwd: '/' });
  expect(elsewhere.code, elsewhere.stderr).toBe(2);
  expect(elsewhere.stderr).toContain(at.name);
});
