import { expect } from 'vitest';
import { l9 } from '../../setup/cli.ts';
import type { CliOptions, CliResult } from '../../setup/cli.ts';
import { testProject } from '../../setup/project.ts';
import type { TestProject } from '../../setup/project.ts';

/** A web server that is checked, and a service that prints a line a second and needs it. */
export const shopManifest = (name: string): string => `apiVersion: l9.dev/v1
kind: Project
metadata: { name: ${name} }
spec:
  outputs:
    WEB_URL: "http://\${host.web}:\${port.web.http}/"
    MOTTO: "it's $$5"
---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: web, labels: { tier: front } }
spec:
  image: l9.local/busybox:1
  command: [httpd, -f, -p, "8080", -h, /etc]
  ports: [{ name: http, container: 8080, host: auto }]
  healthcheck: { tcp: { port: http }, interval: 1s }
  resources: { memory: 32Mi, cpus: 0.5 }
  stop: { signal: SIGKILL }
---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: clock, labels: { tier: back } }
spec:
  image: l9.local/busybox:1
  command: [sh, -c, 'n=0; while true; do n=$((n+1)); printf "tick %s \\\\033[31mred\\\\n" $n; sleep 0.2; done']
  dependsOn: { web: healthy }
  stop: { signal: SIGKILL }
  volumes: [{ volume: data, path: /data }]
---
apiVersion: l9.dev/v1
kind: Volume
metadata: { name: data }
spec: {}
`;

export interface Shop extends TestProject {
  /** Runs l9 in the project's folder. */
  readonly run: (args: readonly string[], options?: CliOptions) => Promise<CliResult>;
  /** The same for what must succeed: its standard output. */
  readonly ok: (...args: readonly string[]) => Promise<string>;
}

/** A project whose manifest is written and not applied yet. */
export const shop = (manifest: (name: string) => string = shopManifest): Shop => {
  const project = testProject();
  project.write('l9.yaml', manifest(project.name));
  const run: Shop['run'] = (args, options = {}) => l9(args, { cwd: project.folder, ...options });
  return {
    ...project,
    run,
    ok: async (...args) => {
      const result = await run(args);
      expect(result.code, `l9 ${args.join(' ')}\n${result.stdout}\n${result.stderr}`).toBe(0);
      return result.stdout;
    },
  };
};
