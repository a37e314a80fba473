import { L9Error } from '../../model/errors.ts';
import type { Engine } from '../api.ts';
import type { Operation } from '../answers.ts';
import { type FakeContainer, isUp, observedOf, summaryOf } from './container.ts';
import { hasLabels } from './filter.ts';
import { announce, exit, quiet, stop } from './processes.ts';
import { noSuchContainer, refusal } from './refuse.ts';
import { start } from './start.ts';
import { changed, lookUp, type Store } from './store.ts';

type ContainerCalls = Pick<
  Engine,
  | 'listContainers'
  | 'findContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'restartContainer'
  | 'killContainer'
  | 'pauseContainer'
  | 'unpauseContainer'
  | 'renameContainer'
  | 'updateContainer'
  | 'removeContainer'
>;

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/** Throws where a container may not be called so. */
export const claimName = (
  store: Store,
  name: string,
  call: { readonly operation: Operation; readonly subject: string },
): void => {
  if (!NAME.test(name)) {
    const message = `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`;
    throw refusal(call.operation, call.subject, { status: 400, message });
  }
  const holder = store.names.get(name);
  if (holder === undefined) return;
  const message = `Conflict. The container name "/${name}" is already in use by container "${holder}". You have to remove (or rename) that container to be able to reuse that name.`;
  throw refusal(call.operation, call.subject, { status: 409, message });
};

const sorted = (store: Store): readonly FakeContainer[] =>
  (store.sorted ??= [...store.containers.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));

export const needContainer = (store: Store, id: string, operation: Operation): FakeContainer => {
  const container = lookUp(store, id);
  if (container === undefined) throw noSuchContainer(operation, id);
  return container;
};

const KILLS: ReadonlySet<string> = new Set(['SIGKILL', 'KILL', '9']);
const ENDS: Readonly<Record<string, number>> = { SIGTERM: 143, SIGINT: 130, SIGQUIT: 131 };

const checkLimits = (
  container: FakeContainer,
  limits: NonNullable<Parameters<Engine['updateContainer']>[1]['limits']>,
): void => {
  const { memoryBytes, memoryReservationBytes } = limits;
  if (memoryBytes === undefined || memoryReservationBytes === undefined) return;
  if (memoryBytes >= memoryReservationBytes) return;
  throw refusal('updateContainer', `container ${container.name}`, {
    status: 400,
    message: 'Minimum memory limit can not be less than memory reservation limit, see usage',
  });
};

/** Docker does little with what it is about to restart. */
export const checkSteady = (container: FakeContainer, operation: Operation): void => {
  if (container.state !== 'restarting') return;
  const message = `Container ${container.id} is restarting, wait until the container is running`;
  throw refusal(operation, `container ${container.name}`, { status: 409, message });
};

/** Removes it from the store; its volumes stay. */
const forget = (store: Store, container: FakeContainer): void => {
  quiet(container);
  exit(store, container, { exitCode: 137, onRequest: true });
  store.containers.delete(container.id);
  store.names.delete(container.name);
  store.sorted = undefined;
  announce(store, container, { action: 'destroy' });
};

export const containerCalls = (store: Store): ContainerCalls => {
  const need = (id: string, operation: Operation) => needContainer(store, id, operation);
  return {
    async listContainers(filter) {
      const all = sorted(store);
      const wanted = filter?.labels?.length
        ? all.filter(({ labels }) => hasLabels(labels, filter))
        : all;
      return wanted.map(summaryOf);
    },

    async findContainer(idOrName) {
      const container = lookUp(store, idOrName);
      return container && observedOf(container);
    },

    async startContainer(id) {
      start(store, need(id, 'startContainer'), 'startContainer');
    },

    async stopContainer(id, graceMs) {
      await stop(store, need(id, 'stopContainer'), graceMs);
    },

    async restartContainer(id, graceMs) {
      const container = need(id, 'restartContainer');
      await stop(store, container, graceMs);
      start(store, container, 'restartContainer');
    },

    async killContainer(id, signal) {
      const container = need(id, 'killContainer');
      if (!isUp(container)) {
        if (KILLS.has(signal)) quiet(container);
        if (KILLS.has(signal) || container.state === 'restarting') return;
        const message = `Cannot kill container: ${id}: Container ${container.id} is not running`;
        throw refusal('killContainer', `container ${id}`, { status: 409, message });
      }
      announce(store, container, { action: 'kill', attributes: { signal } });
      if (KILLS.has(signal)) exit(store, container, { exitCode: 137, onRequest: true });
      else if (ENDS[signal] !== undefined && container.run?.behaviour.ignoresStop !== true) {
        exit(store, container, { exitCode: ENDS[signal], onRequest: true });
      }
    },

    async pauseContainer(id) {
      const container = need(id, 'pauseContainer');
      if (container.state === 'paused') return;
      checkSteady(container, 'pauseContainer');
      if (container.state !== 'running') {
        const message = `Container ${container.id} is not running`;
        throw refusal('pauseContainer', `container ${id}`, { status: 409, message });
      }
      container.state = 'paused';
      changed(container);
      announce(store, container, { action: 'pause' });
    },

    async unpauseContainer(id) {
      const container = need(id, 'unpauseContainer');
      if (container.state !== 'paused') return;
      container.state = 'running';
      changed(container);
      announce(store, container, { action: 'unpause' });
    },

    async renameContainer(id, name) {
      const container = need(id, 'renameContainer');
      if (container.name === name) return;
      checkSteady(container, 'renameContainer');
      claimName(store, name, { operation: 'renameContainer', subject: `container ${id}` });
      const attributes = { oldName: `/${container.name}` };
      store.names.delete(container.name);
      store.names.set(name, container.id);
      store.sorted = undefined;
      container.name = name;
      changed(container);
      announce(store, container, { action: 'rename', attributes });
    },

    async updateContainer(id, { limits, restartPolicy }) {
      const container = need(id, 'updateContainer');
      if (limits !== undefined) {
        checkLimits(container, limits);
        container.limits = { ...container.limits, ...limits };
      }
      if (restartPolicy !== undefined) container.restartPolicy = restartPolicy;
      announce(store, container, { action: 'update' });
    },

    async removeContainer(id, force) {
      const container = lookUp(store, id);
      if (container === undefined) return;
      if ((isUp(container) || container.state === 'restarting') && !force) {
        const message = `You cannot remove a ${container.state} container ${container.id}. Stop the container before attempting removal or force remove`;
        throw refusal('removeContainer', `container ${id}`, { status: 409, message });
      }
      forget(store, container);
    },
  };
};

/** A secret that nobody put in place: a mistake of ours that every implementation refuses. */
export const unresolvedSecret = (name: string, key: string): L9Error =>
  new L9Error('BadRequest', `The secret of ${key} was not put in place for ${name}`, {
    hint: 'This is a mistake in l9: please report it.',
  });
