import type { AppRecord, ImagePin } from '../model/record.ts';
import { readAppRecord, writeAppRecord } from '../records/app-records.ts';
import { secretHashes, writeSecrets } from '../records/secret-store.ts';
import { changedFields } from './changes.ts';
import { converge } from './converge.ts';
import type { ApplyRequest, Context, ConvergeResult, Operations } from './contract.ts';
import { resolveServiceImages } from './images.ts';
import { byProject, checkOutside, checkServiceNames, isGone, load } from './load.ts';
import type { LoadedProject } from './load.ts';
import type { LoadedManifests } from '../manifest/load.ts';
import { mergeRecord } from './merge.ts';
import { undo } from './rollout.ts';
import type { Application } from './merge.ts';

/** What the manifests bring to a project's record. */
export const applicationOf = (
  context: Context,
  project: LoadedProject,
  parts: {
    readonly request: Pick<ApplyRequest, 'takeOver' | 'prune'>;
    readonly images: Readonly<Record<string, ImagePin>>;
    readonly secretHashes: Readonly<Record<string, string>>;
    readonly loaded: LoadedManifests;
  },
): Application => ({
  project: project.name,
  path: project.path,
  documents: project.documents,
  images: parts.images,
  secretHashes: parts.secretHashes,
  takeOver: parts.request.takeOver,
  prune: parts.request.prune,
  isGone: isGone(parts.loaded),
  cause: 'apply',
  now: context.clock.now(),
  writtenBy: context.version,
});

const storeSecrets = async (
  context: Context,
  project: LoadedProject,
): Promise<Readonly<Record<string, string>>> => {
  if (project.secrets.size === 0) return {};
  return secretHashes(await writeSecrets(context.engine, project.name, project.secrets));
};

const applyProject = async (
  context: Context,
  project: LoadedProject,
  parts: { readonly request: ApplyRequest; readonly loaded: LoadedManifests },
): Promise<ConvergeResult> => {
  const { request, loaded } = parts;
  const { engine, signal } = context;
  const before = await readAppRecord(engine, project.name, signal);
  // Refuses a project from elsewhere before anything is pulled, built or written.
  checkOutside(loaded, project.name, before);
  mergeRecord(
    before,
    applicationOf(context, project, { request, images: {}, secretHashes: {}, loaded }),
  );
  const images = await resolveServiceImages(context, {
    documents: project.documents,
    pins: before?.current.images ?? {},
    pull: request.pull,
    noCache: request.noCache,
  });
  const hashes = await storeSecrets(context, project);
  let replaced: AppRecord | undefined;
  const record = await writeAppRecord(engine, {
    project: project.name,
    signal,
    change: (current) => {
      replaced = current;
      return mergeRecord(
        current,
        applicationOf(context, project, { request, images, secretHashes: hashes, loaded }),
      );
    },
  });
  if (record === undefined) throw new Error('an apply always leaves a record');
  if (record.current.generation !== replaced?.current.generation) {
    context.emit({
      type: 'generationWritten',
      project: project.name,
      generation: record.current.generation,
    });
  }
  const services = servicesChosen(request, project);
  const result = await converge(context, {
    project: project.name,
    purpose: 'l9 apply',
    wait: request.wait,
    timeoutMs: request.timeoutMs,
    record,
    changes: changedFields(replaced, record),
    warnings: loaded.warnings,
    request: {
      ...(request.services.length === 0 ? {} : { only: services }),
      ...(request.forceRecreate ? { forceRecreate: services } : {}),
    },
  });
  return wantsRollback(result, record) ? rollBack(context, request, result) : result;
};

/** Whether a service failed whose manifest asks to go back when an update fails. */
const wantsRollback = (result: ConvergeResult, record: AppRecord): boolean => {
  if (result.outcome !== 'failed' || record.history.length === 0) return false;
  const failed = new Set(result.failures.map((failure) => failure.service));
  return record.current.documents.some(
    (document) =>
      document.kind === 'Service' &&
      failed.has(document.name) &&
      document.spec.update?.autoRollback === true,
  );
};

/** Goes back to the generation before; the apply has failed all the same, and says what it did. */
const rollBack = async (
  context: Context,
  request: ApplyRequest,
  failed: ConvergeResult,
): Promise<ConvergeResult> => {
  const { project } = failed;
  context.emit({
    type: 'remark',
    level: 'warning',
    message: `${project}: the update failed; going back to the generation before (update.autoRollback)`,
  });
  const back = await undo(context)({
    project,
    toGeneration: null,
    timeoutMs: request.timeoutMs,
    wait: request.wait,
  });
  return {
    ...back,
    outcome: 'failed',
    failures: [...failed.failures, ...back.failures],
    actions: failed.actions + back.actions,
    durationMs: failed.durationMs + back.durationMs,
    warnings: failed.warnings,
  };
};

const servicesChosen = (request: ApplyRequest, project: LoadedProject): Set<string> =>
  new Set(
    project.documents
      .filter((document) => document.kind === 'Service')
      .map((document) => document.name)
      .filter((name) => request.services.length === 0 || request.services.includes(name)),
  );

/**
 * Makes it so: reads and checks the manifests, resolves images, writes the next generation of each
 * project's record, and converges. Bad input touches nothing. A project that fails does not keep the
 * others from being applied, except those that depend on it.
 */
export const apply =
  (context: Context): Operations['apply'] =>
  async (request) => {
    const loaded = await load(context, request);
    checkServiceNames(loaded, request.services);
    const results: ConvergeResult[] = [];
    for (const project of byProject(loaded)) {
      context.signal.throwIfAborted();
      results.push(await applyProject(context, project, { request, loaded }));
    }
    return results;
  };
