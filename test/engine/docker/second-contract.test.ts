import { describe, it } from 'vitest';
import { engineContract } from '../../contract/engine-contract.ts';
import { realSubject } from './real-subject.ts';

// Its containers and ports are in a network namespace of its own (see scripts/second-engine.mjs), which
// is why it cannot reach the tests' registry.
const host = process.env['L9_TEST_SECOND_ENGINE'];

if (host === undefined || host === '') {
  describe('engine contract: a second engine', () => {
    it.skip(
      'needs L9_TEST_SECOND_ENGINE, the DOCKER_HOST that `node scripts/second-engine.mjs start` prints',
    );
  });
} else {
  const namespace = process.env['L9_TEST_SECOND_NETNS'] ?? '/var/run/netns/l9-second';
  engineContract(realSubject({ name: 'second Docker', host, namespace }));
}
