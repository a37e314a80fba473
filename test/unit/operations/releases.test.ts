import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Observed } from '../../../src/model/observed.ts';
import type { AppRecord } from '../../../src/model/record.ts';
import { plan } from '../../../src/plan/plan.ts';
import { formatPlan } from '../../../src/plan/format.ts';
import { renderProject } from '../../../src/render/render.ts';

interface Recording {
  readonly version: string;
  readonly record: AppRecord;
  readonly observed: Observed;
}

const folder = new URL('../../releases/', import.meta.url);
const recordings = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file): Recording => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));

/** What this version would do to what that one left, with `change` made to it. */
const planFor = (recording: Recording, change: Partial<Observed> = {}) =>
  plan({
    desired: renderProject({
      record: recording.record,
      secretHashes: recording.record.current.secretHashes,
      now: recording.observed.at,
    }),
    observed: { ...recording.observed, ...change },
    guardian: 'engine',
    ladder: 'once',
    requestedAt: recording.observed.at,
    completions: new Map(Object.entries(recording.record.completions)),
  });

test('there is a recording to hold this version to', () => {
  expect(recordings.map((recording) => recording.version)).toContain('0.1.0');
});

describe.each(recordings)('an upgrade from $version', (recording) => {
  test('is a no-op: what it left is planned to zero actions', () => {
    const upgraded = planFor(recording);
    expect(formatPlan(upgraded)).toContain('nothing to do');
    expect(upgraded.actions).toEqual([]);
    expect(upgraded.blockers).toEqual([]);
  });

  test('recreates nothing either when the hashes are of a version that this one does not know', () => {
    const rehashed = recording.observed.containers.map((container) => ({
      ...container,
      labels: { ...container.labels, 'com.l9.spec_hash': 'v0:another-way-to-hash' },
    }));
    expect(planFor(recording, { containers: rehashed }).actions).toEqual([]);
  });

  test('would still see a real change', () => {
    const changed = recording.observed.containers.map((container) => ({
      ...container,
      labels: { ...container.labels, 'com.l9.spec_hash': 'v1:0000' },
    }));
    const verbs = planFor(recording, { containers: changed }).actions.map(({ id }) => id);
    expect(verbs).toContain('create:cache-1');
  });
});
