import { expect } from 'vitest';
import { l9, startL9 } from './cli.ts';
import type { CliOptions, CliResult, RunningCli } from './cli.ts';
import { get, listContainers } from './engine.ts';
import { testProject } from './project.ts';
import type { TestProject } from './project.ts';

/** A manifest without its apiVersion. */
export interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [key: string]: unknown };
  readonly spec?: object;
}

/** A project in a folder, and l9 in that folder. */
export interface Stage extends TestProject {
  /** Writes l9.yaml: the Project, and these. */
  manifests(...documents: readonly Document[]): void;
  /** l9, wherever it ends. */
  l9(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** l9, which has to end with 0. */
  done(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  start(args: readonly string[], options?: CliOptions): RunningCli;
}

export const image = 'l9.local/busybox:1';

/** YAML, for JSON is YAML. */
export const manifest = (...documents: readonly Document[]): string =>
  documents
    .map((document) => `---\n${JSON.stringify({ apiVersion: 'l9.dev/v1', ...document })}\n`)
    .join('');

/** A service that does nothing, and stops at once. */
export const sleeper = (name: string, spec: object = {}): Document => ({
  kind: 'Service',
  metadata: { name },
  spec: {
    image,
    command: ['sleep', 'inf'],
    init: true,
    stop: { grace: '1s' },
    resources: { memory: '32Mi' },
    ...spec,
  },
});

/** Everything that a program printed, as the reason of a failed expectation. */
export const told = ({ stdout, stderr }: Pick<CliResult, 'stdout' | 'stderr'>): string =>
  `${stdout}\n${stderr}`;

export const expectCode = (result: CliResult, code: number): CliResult => {
  expect(result.code, told(result)).toBe(code);
  return result;
};

/** A test's own project, removed at its end; manifests go into its folder, where l9 runs. */
export const stage = (): Stage => {
  const project = testProject();
  const here = (options: CliOptions = {}): CliOptions => ({ cwd: project.folder, ...options });
  const stageL9: Stage['l9'] = (args, options) => l9(args, here(options));
  return {
    ...project,
    manifests: (...documents) =>
      void project.write(
        'l9.yaml',
        manifest({ kind: 'Project', metadata: { name: project.name } }, ...documents),
      ),
    l9: stageL9,
    done: async (args, options) => expectCode(await stageL9(args, options), 0),
    start: (args, options) => startL9(args, here(options)),
  };
};

/** What Docker says of a container: the parts that tests look at. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly State: {
    readonly Status: string;
    readonly StartedAt: string;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly Hostname: string;
    readonly User: string;
    readonly Tty: boolean;
    readonly OpenStdin: boolean;
    readonly Env: readonly string[];
    readonly Cmd: readonly string[] | null;
    readonly Entrypoint: readonly string[] | null;
    readonly WorkingDir: string;
    readonly Labels: Readonly<Record<string, string>>;
    readonly StopSignal?: string;
    readonly StopTimeout?: number;
    readonly Healthcheck?: Readonly<Record<string, unknown>>;
  };
  readonly HostConfig: Readonly<Record<string, unknown>> & {
    readonly NetworkMode: string;
    readonly Memory: number;
    readonly RestartPolicy: { readonly Name: string };
    readonly PortBindings: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[]>
    > | null;
  };
  readonly Mounts: readonly {
    readonly Type: string;
    readonly Name?: string;
    readonly Source: string;
    readonly Destination: string;
    readonly RW: boolean;
  }[];
  readonly NetworkSettings: {
    readonly Networks: Readonly<
      Record<
        string,
        {
          readonly NetworkID: string;
          readonly Aliases: readonly string[] | null;
          readonly IPAddress: string;
        }
      >
    >;
  };
}

export const inspect = (idOrName: string): Promise<Inspected> =>
  get<Inspected>(`/containers/${idOrName}/json`);

/** Every container of a project's services, by `service-instance`; two for one instance are an error. */
export const instancesOf = async (project: string): Promise<ReadonlyMap<string, Inspected>> => {
  const all = await listContainers({ label: [`com.l9.project=${project}`, 'com.l9.service'] });
  const found = new Map<string, Inspected>();
  for (const { Id, Labels } of all) {
    const key = `${Labels['com.l9.service']}-${Labels['com.l9.instance']}`;
    if (found.has(key)) throw new Error(`two containers are ${key} of ${project}`);
    found.set(key, await inspect(Id));
  }
  return found;
};

/** The container of one instance, which has to be there: `web-1`. */
export const instance = async (project: string, key: string): Promise<Inspected> => {
  const all = await instancesOf(project);
  const found = all.get(key);
  if (found === undefined) throw new Error(`no ${key}; there are ${[...all.keys()].join(', ')}`);
  return found;
};

/** The host port on which a container's port is published. */
export const hostPort = (container: Inspected, port: string): number =>
  Number(container.HostConfig.PortBindings?.[port]?.[0]?.HostPort);
