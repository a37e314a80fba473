import { describe, expect, it } from 'vitest';
import type { Preview } from '../../../src/operations/contract.ts';
import { dotenvLine, shellLine } from '../../../src/print/assignments.ts';
import { formatChanges } from '../../../src/print/changes.ts';
import { createPalette } from '../../../src/print/terminal.ts';
import { planned } from './trace.ts';

const preview = (part: Partial<Preview>): Preview => ({
  project: 'shop',
  generation: { from: 3, to: 3 },
  plan: { project: 'shop', actions: [], blockers: [], notes: [], instances: [] },
  changes: [],
  notes: [],
  warnings: [],
  ...part,
});

const text = (part: Partial<Preview>): string =>
  formatChanges(preview(part), createPalette(false)).join('\n');

describe('a diff', () => {
  it('says that nothing differs', () => {
    const none = { service: 'redis', kind: 'none', fields: [], impact: '', cause: '' } as const;
    expect(text({ changes: [none] })).toBe('shop: nothing differs');
  });

  it('shows what changes, field by field, with what people would notice', () => {
    const network = planned('createNetwork', 'network default', 'it does not exist');
    expect(
      text({
        generation: { from: 3, to: 4 },
        plan: {
          project: 'shop',
          actions: [network, planned('startContainer', 'graph-1')],
          blockers: [
            {
              code: 'PortTaken',
              subject: { kind: 'service', name: 'web' },
              message: 'port 80 belongs to nginx',
              hint: 'stop nginx',
            },
          ],
          notes: [],
          instances: [],
        },
        changes: [
          {
            service: 'graph',
            kind: 'recreate',
            fields: ['image: neo4j:4 → neo4j:5', 'env.A: 1 → 2'],
            impact: 'about 5 s down; indexer depends on it',
            cause: 'image: neo4j:4 → neo4j:5',
          },
          { service: 'web', kind: 'repair', fields: [], impact: '', cause: 'it exited with 1' },
        ],
        notes: ['redis:7 means another image now'],
      }),
    ).toBe(
      `shop: generation 3 → 4, 2 actions
± recreates graph: about 5 s down; indexer depends on it
    image: neo4j:4 → neo4j:5
    env.A: 1 → 2
! repairs web
    because: it exited with 1
~ creates network default (it does not exist)
! port 80 belongs to nginx
    → stop nginx
  note: redis:7 means another image now`,
    );
  });
});

describe('assignments', () => {
  it.each([
    [
      'redis://127.0.0.1:30001/0',
      "export URL='redis://127.0.0.1:30001/0'",
      'URL=redis://127.0.0.1:30001/0',
    ],
    ["it's $HOME", String.raw`export URL='it'\''s $HOME'`, String.raw`URL="it's \$HOME"`],
    ['a b#c', "export URL='a b#c'", "URL='a b#c'"],
    ['a\nb', "export URL='a\nb'", String.raw`URL="a\nb"`],
    ['', "export URL=''", 'URL='],
  ])('%j', (value, shell, dotenv) => {
    expect(shellLine('URL', value)).toBe(shell);
    expect(dotenvLine('URL', value)).toBe(dotenv);
  });

  it('a shell takes back exactly what was written', async () => {
    const { execFileSync } = await import('node:child_process');
    for (const value of ["a'b", '$(touch /x)', '"quoted" \\ `x`', 'line\nbreak', 'grüße 日本']) {
      const script = `${shellLine('VALUE', value)}\nprintf %s "$VALUE"`;
      expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(value);
    }
  });
});
