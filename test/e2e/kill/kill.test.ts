import { expect, test } from 'vitest';
import { l9 } from '../../setup/cli.ts';
import type { TestProject } from '../../setup/project.ts';
import { killEverywhere } from './kill-everywhere.ts';
import type { Run } from './kill-everywhere.ts';

const TIMEOUT = 600_000;

const project = (name: string): string => `
apiVersion: l9.dev/v1
kind: Project
metadata: { name: ${name} }
`;

const sleeper = (name: string, more = ''): string => `---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: ${name} }
spec:
  image: l9.local/busybox:1
  command: [sleep, inf]
  init: true
  stop: { grace: 1s }
  resources: { memory: 32Mi }
  ${more}
`;

const write = (of: TestProject, ...services: string[]): void => {
  of.write('l9.yaml', project(of.name) + services.join(''));
};

const apply = async (run: Run): Promise<void> => {
  const result = await run('apply');
  expect(result.code, result.stderr).toBe(0);
};

test('an apply of three services', { timeout: TIMEOUT }, () =>
  killEverywhere({
    prepare: (of) => {
      write(
        of,
        sleeper('data', 'ports: [{ name: main, container: 80, host: auto }]'),
        sleeper('web', 'dependsOn: { data: started }'),
        sleeper('worker'),
      );
      return Promise.resolve();
    },
    command: () => ['apply'],
  }),
);

const mount = 'volumes: [{ volume: files, path: /data }]';

test('a recreate', { timeout: TIMEOUT }, () =>
  killEverywhere({
    prepare: async (of, run) => {
      write(of, sleeper('data', mount), volume);
      await apply(run);
      const marked = await run('exec', 'data', '--', 'sh', '-c', 'echo kept > /data/marker');
      expect(marked.code, marked.stderr).toBe(0);
      write(of, sleeper('data', `${mount}\n  env: { NEW: "1" }`), volume);
    },
    command: () => ['apply'],
    verify: async (of) => {
      const found = await l9(['exec', 'data', '--', 'cat', '/data/marker'], { cwd: of.folder });
      expect(found.stdout, found.stderr).toBe('kept\n');
    },
  }),
);

const volume = `---
apiVersion: l9.dev/v1
kind: Volume
metadata: { name: files }
`;

test('a delete', { timeout: TIMEOUT }, () =>
  killEverywhere({
    prepare: async (of, run) => {
      write(of, sleeper('data'), sleeper('web', 'dependsOn: { data: started }'));
      await apply(run);
    },
    command: (of) => ['delete', '-p', of.name, '--yes', '--ignore-not-found'],
  }),
);

test('a scale', { timeout: TIMEOUT }, () =>
  killEverywhere({
    prepare: async (of, run) => {
      write(of, sleeper('web'));
      await apply(run);
    },
    command: (of) => ['scale', 'web=3', '-p', of.name],
  }),
);

test('the writing of a generation that changes no container', { timeout: TIMEOUT }, () =>
  killEverywhere({
    prepare: async (of, run) => {
      write(of, sleeper('web'));
      await apply(run);
      write(of, sleeper('web', 'critical: true'));
    },
    command: () => ['apply'],
  }),
);
