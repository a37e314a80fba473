import { observe } from '../engine/observe.ts';
import { moved } from '../images/resolve.ts';
import type { AppRecord } from '../model/record.ts';
import { plan } from '../plan/plan.ts';
import { serviceChanges } from '../plan/service-changes.ts';
import { readAppRecord } from '../records/app-records.ts';
import { keyedHash, readSecrets } from '../records/secret-store.ts';
import { recoveriesAmong } from '../records/recovery.ts';
import { sameMeaning } from '../render/same-meaning.ts';
import { applicationOf } from './apply.ts';
import { changedFields } from './changes.ts';
import type { ApplyRequest, Context, Operations, Preview } from './contract.ts';
import { knownImages } from './images.ts';
import { byProject, checkOutside, checkServiceNames, load } from './load.ts';
import type { LoadedProject } from './load.ts';
import type { LoadedManifests } from '../manifest/load.ts';
import { mergeRecord } from './merge.ts';
import { redactChecks } from './redact.ts';
import { completionsOf, desiredOf } from './situation.ts';

/** Hashes of the secrets as they would be stored: with the key that is there, or none yet. */
const hashesOf = async (
  context: Context,
  project: LoadedProject,
): Promise<Readonly<Record<string, string>>> => {
  if (project.secrets.size === 0) return {};
  const stored = await readSecrets(context.engine, project.name);
  const key = stored.key === '' ? 'none yet' : stored.key;
  return Object.fromEntries(
    [...project.secrets].map(([name, value]) => [name, keyedHash(key, value)]),
  );
};

const movedNotes = async (context: Context, record: AppRecord): Promise<string[]> => {
  const notes = await Promise.all(
    Object.values(record.current.images).map((pin) => moved(pin, context)),
  );
  return [...new Set(notes.filter((note) => note !== undefined))].toSorted();
};

const previewProject = async (
  context: Context,
  project: LoadedProject,
  parts: { readonly request: ApplyRequest; readonly loaded: LoadedManifests },
): Promise<Preview> => {
  const { request, loaded } = parts;
  const { engine, clock, signal } = context;
  const before = await readAppRecord(engine, project.name, signal);
  checkOutside(loaded, project.name, before);
  const known = await knownImages(context, {
    documents: project.documents,
    pins: before?.current.images ?? {},
  });
  const after =
    mergeRecord(
      before,
      applicationOf(context, project, {
        request,
        images: known.pins,
        secretHashes: await hashesOf(context, project),
        loaded,
      }),
    ) ?? before;
  if (after === undefined) throw new Error('a project that is applied has a record');
  const desired = desiredOf(context, after);
  const raw = await observe(engine, {
    project: project.name,
    imageReferences: Object.values(after.current.images).map((pin) => pin.id),
    clock,
    signal,
  });
  const observed = await redactChecks(context, after, raw);
  const changes = changedFields(before, after);
  const chosen = new Set(request.services);
  const next = plan({
    desired,
    observed,
    guardian: 'engine',
    ladder: 'once',
    requestedAt: clock.now(),
    recovery: recoveriesAmong(project.name, observed.volumes),
    completions: completionsOf(after),
    changes,
    assumeImages: true,
    request: {
      ...(chosen.size === 0 ? {} : { only: chosen }),
      ...(request.forceRecreate
        ? {
            forceRecreate:
              chosen.size === 0 ? new Set(desired.services.map((one) => one.name)) : chosen,
          }
        : {}),
    },
  });
  return {
    project: project.name,
    generation: {
      from: before?.current.generation ?? 0,
      to: after.current.generation,
    },
    plan: next,
    changes: serviceChanges({
      before: before?.current ?? { documents: [], secretHashes: {} },
      after: after.current,
      plan: next,
      desired,
      same: sameMeaning,
    }),
    notes: [...known.notes, ...(await movedNotes(context, after))],
    warnings: loaded.warnings,
  };
};

/** What an apply would do. Touches nothing and pulls nothing. */
export const preview =
  (context: Context): Operations['preview'] =>
  async (request) => {
    const loaded = await load(context, request);
    checkServiceNames(loaded, request.services);
    const previews: Preview[] = [];
    for (const project of byProject(loaded)) {
      previews.push(await previewProject(context, project, { request, loaded }));
    }
    return previews;
  };
