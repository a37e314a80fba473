import { expect, test } from 'vitest';
import { encodeContainer } from '../../../src/engine/docker/encode-container.ts';
import type { ContainerSpec } from '../../../src/model/container.ts';

// What the machines of tests do not have cannot be seen on the engine: here is what it would be asked for.

const spec: ContainerSpec = {
  name: 'p_s_1',
  image: 'i',
  labels: {},
  env: {},
  ports: [],
  mounts: [],
  network: { mode: 'none' },
  restartPolicy: 'no',
  limits: {},
};

test.each([
  ['all', -1],
  [2, 2],
] as const)('gpus: %s asks for %i devices', (gpus, Count) => {
  expect(encodeContainer({ ...spec, gpus }, [])).toMatchObject({
    HostConfig: { DeviceRequests: [{ Driver: '', Count, Capabilities: [['gpu']] }] },
  });
});

test('without gpus no device is asked for', () => {
  expect(JSON.stringify(encodeContainer(spec, []))).not.toContain('DeviceRequests');
});
