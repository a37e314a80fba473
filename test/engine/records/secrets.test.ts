import { expect, test } from 'vitest';
import {
  readSecrets,
  removeSecrets,
  secretHashes,
  writeSecrets,
} from '../../../src/records/secret-store.ts';
import { addEvidence, evidenceAmong } from '../../../src/records/evidence.ts';
import type { Evidence } from '../../../src/records/evidence.ts';
import { label } from '../../../src/model/labels.ts';
import { call, get } from '../../setup/engine.ts';
import { realEngine } from '../../setup/docker.ts';
import { testProject } from '../../setup/project.ts';

const engine = await realEngine();

test('values come back, hashes change with the value, and nothing of it shows on the engine', async () => {
  const { name } = testProject();
  expect((await readSecrets(engine, name)).values.size).toBe(0);
  const first = await writeSecrets(engine, name, new Map([['pw', 'hunter2-hunter2']]));
  const again = await writeSecrets(engine, name, new Map([['pw', 'hunter2-hunter2']]));
  expect(secretHashes(again)).toEqual(secretHashes(first));
  const changed = await writeSecrets(engine, name, new Map([['pw', 'hunter3-hunter3']]));
  expect(secretHashes(changed)).not.toEqual(secretHashes(first));
  const more = await writeSecrets(engine, name, new Map([['token', 'second']]));
  expect(Object.fromEntries(more.values)).toEqual({ pw: 'hunter3-hunter3', token: 'second' });
  expect(Object.fromEntries((await readSecrets(engine, name)).values)).toEqual(
    Object.fromEntries(more.values),
  );
  const shown = JSON.stringify([
    await get('/volumes'),
    await get(`/containers/l9-secrets.${name}/json`),
  ]);
  expect(shown).not.toContain('hunter');
  await removeSecrets(engine, name);
  expect(await engine.findVolume(`l9-secret.${name}`)).toBeUndefined();
});

test('reading changes nothing, and the values outlive a prune of unused volumes', async () => {
  const { name } = testProject();
  await writeSecrets(engine, name, new Map([['pw', 'hunter2-hunter2']]));
  const before = await engine.listContainers({ labels: [`${label.project}=${name}`] });
  await readSecrets(engine, name);
  expect(await engine.listContainers({ labels: [`${label.project}=${name}`] })).toEqual(before);
  // A prune removes volumes that no container refers to; so does this removal, where it may.
  expect(await call('DELETE', `/volumes/l9-secret.${name}`, [204, 409])).toBe(409);
});

test('a store whose holder was pruned away is read all the same', async () => {
  const { name } = testProject();
  await writeSecrets(engine, name, new Map([['pw', 'hunter2-hunter2']]));
  await call('DELETE', `/containers/l9-secrets.${name}?force=1`, [204]);
  expect((await readSecrets(engine, name)).values.get('pw')).toBe('hunter2-hunter2');
});

test('a project keeps its last twenty pieces of evidence', async () => {
  const { name } = testProject();
  const piece = (at: number): Evidence => ({
    at,
    service: 'web',
    container: `${name}_web_1`,
    containerId: 'x',
    cause: 'unhealthy',
    state: 'running',
    exitCode: 0,
    oomKilled: false,
    startedAt: null,
    finishedAt: null,
    probes: [],
    log: ['last words'],
  });
  for (let at = 1; at <= 22; at += 1) await addEvidence(engine, name, piece(at));
  const kept = evidenceAmong(name, await engine.listVolumes());
  expect(kept.map((one) => one.at)).toEqual(Array.from({ length: 20 }, (_, index) => index + 3));
});
