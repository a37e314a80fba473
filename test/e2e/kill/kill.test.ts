import { expect, test } from 'vitest';
import { until } from '../../setup/until.ts';
import { get, listContainers } from '../../setup/engine.ts';
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

/** The text of a file in the only running container of a service. */
const readFile = async (of: TestProject, service: string, path: string): Promise<string> => {
  const [container] = await listContainers({
    label: [`com.l9.project=${of.name}`, `com.l9.service=${service}`],
  });
  const { GraphDriver } = await get<{ GraphDriver: { Data: { MergedDir: string } } }>(
    `/containers/${container?.Id}/json`,
  );
  return `${GraphDriver.Data.MergedDir}${path}`;
};
void readFile;
void until;

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

test('a recreate', { timeout: TIMEOUT }, () =>
  killEverywhere({
    prepare: async (of, run) => {
      write(of, sleeper('data', 'volumes: [{ volume: files, path: /data }]'), volume);
      await apply(run);
      write(
        of,
        sleeper('data', 'volumes: [{ volume: files, path: /data }]\n  env: { NEW: "1" }'),
        volume,
      );
    },
    command: () => ['apply'],
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
