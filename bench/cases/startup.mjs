// @ts-check
// What l9 costs before it does anything, above what Node.js itself costs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timeProgram } from '../programs.mjs';
import { interleave } from '../rounds.mjs';
import { differenceRow } from '../rows.mjs';

const bare = 'node -e 0';
const DOCUMENTS = 100;
const PER_FILE = 10;

/**
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../rows.mjs').Row[]>}
 */
export async function startup(bench) {
  const folder = mkdtempSync(join(tmpdir(), 'l9-bench-'));
  try {
    const manifests = writeManifests(folder);
    /** @type {Record<string, { args: readonly string[], limit: number }>} */
    const commands = {
      'l9 --help': { args: ['--help'], limit: 30 },
      'l9 version': { args: ['version'], limit: 30 },
      [`l9 validate, ${DOCUMENTS} documents`]: { args: ['validate', '-f', manifests], limit: 120 },
    };
    const sides = [
      { name: bare, measure: () => timeProgram([process.execPath, '-e', '0']) },
      ...Object.entries(commands).map(([name, { args }]) => ({
        name,
        measure: () => timeProgram([process.execPath, bench.cli, ...args], { cwd: folder }),
      })),
    ];
    const samples = await interleave(sides, bench.roundsOf('startup', 25));
    const peer = { name: bare, samples: samples.get(bare) ?? [] };
    return Object.entries(commands).map(([name, { limit }]) =>
      differenceRow(name, {
        ours: { name, samples: samples.get(name) ?? [] },
        peer,
        limit,
        unit: 'ms',
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A hundred documents as people write them: nothing is wrong with them, and every service uses a dozen fields.
 * @param {string} folder
 */
function writeManifests(folder) {
  const manifests = join(folder, 'manifests');
  mkdirSync(manifests);
  const documents = [
    'apiVersion: l9.dev/v1\nkind: Project\nmetadata: { name: hundred }\n',
    ...Array.from({ length: DOCUMENTS - 1 }, (_, index) => service(index + 1)),
  ];
  for (let first = 0; first < DOCUMENTS; first += PER_FILE) {
    const file = join(manifests, `${String(first).padStart(2, '0')}.yaml`);
    writeFileSync(file, documents.slice(first, first + PER_FILE).join('---\n'));
  }
  return manifests;
}

/** @param {number} number from 1 */
const service = (number) => `# Service ${number} of the hundred.
apiVersion: l9.dev/v1
kind: Service
metadata: { name: service-${number}, labels: { tier: backend } }
spec:
  image: l9.local/redis:7
  command: [redis-server, --save, '', --maxmemory, 32mb]
  env: { NUMBER: '${number}', LEVEL: '\${LEVEL:-info}' }
  ports: [{ name: redis, container: 6379, host: auto }]
  volumes: [{ volume: data-${number}, path: /data }]
  healthcheck: { exec: [redis-cli, ping], interval: 5s, timeout: 2s, retries: 3 }
${number > 1 ? `  dependsOn: { service-${number - 1}: started }\n` : ''}  resources: { memory: 64Mi, cpus: 0.5 }
  security: { noNewPrivileges: true, capDrop: [ALL] }
  stop: { grace: 5s }
`;
