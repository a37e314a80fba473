import { defineCommand } from '../definition.ts';
import { manifestOptions, output, selector, services, timeout, wait } from './options.ts';

const { file, variant, projectName, envFile, maxSize } = manifestOptions;

export const remove = defineCommand({
  group: 'operate',
  summary: 'delete a project, or some of its resources',
  details: `Names what goes and what stays. Volumes stay unless their manifest says reclaimPolicy: Delete.
Deleting a project or data asks on a terminal; elsewhere it needs --yes.`,
  arguments: [{ name: 'KIND/NAME', required: false, several: true, completes: 'resource' }],
  options: {
    file: { ...file, summary: 'delete what these manifests name; - is standard input' },
    variant,
    projectName,
    envFile,
    maxSize,
    yes: { type: 'flag', short: 'y', summary: 'do not ask' },
    keepVolumes: { type: 'flag', summary: 'keep volumes that say reclaimPolicy: Delete, too' },
    ignoreNotFound: { type: 'flag', summary: 'what is not there is no error' },
    timeout,
  },
  examples: [
    { command: 'l9 delete -p memory', does: 'the whole project; its volumes stay' },
    { command: 'l9 delete service/indexer', does: 'one service of the project of this folder' },
    { command: 'l9 delete -f l9.yaml --yes', does: 'what a file names, without a question' },
  ],
  writes: true,
});

export const restart = defineCommand({
  group: 'operate',
  summary: 'restart services, all instances at once',
  arguments: [services],
  options: { selector, wait, timeout },
  examples: [
    { command: 'l9 restart redis', does: 'one service, and wait until it is ready' },
    { command: 'l9 restart', does: 'the whole project' },
    { command: 'l9 restart -l tier=cache --no-wait', does: 'by label, without waiting' },
  ],
  writes: true,
});

export const scale = defineCommand({
  group: 'operate',
  summary: 'change how many instances a service has',
  details: `Lasts until a manifest states replicas. A service whose manifest does not keeps the number.`,
  arguments: [{ name: 'SERVICE[=N]', required: true, several: true, completes: 'service' }],
  options: {
    replicas: {
      type: 'integer',
      value: 'N',
      summary: 'the number for services that are written without one',
      completes: 'nothing',
    },
    wait,
    timeout,
  },
  examples: [
    { command: 'l9 scale indexer=3', does: 'three instances' },
    { command: 'l9 scale indexer=3 web=2', does: 'two services at once' },
    { command: 'l9 scale indexer web --replicas 0', does: 'none of both' },
  ],
  writes: true,
});

export const stop = defineCommand({
  group: 'operate',
  summary: 'stop services until `l9 start`; containers and data stay',
  arguments: [services],
  options: { selector, timeout },
  examples: [
    { command: 'l9 stop', does: 'the whole project' },
    { command: 'l9 stop indexer', does: 'one service' },
  ],
  writes: true,
});

export const start = defineCommand({
  group: 'operate',
  summary: 'start what was stopped, and end a pause',
  arguments: [services],
  options: { selector, wait, timeout },
  examples: [
    { command: 'l9 start', does: 'the whole project' },
    { command: 'l9 start indexer', does: 'one service' },
  ],
  writes: true,
});

export const pause = defineCommand({
  group: 'operate',
  summary: 'leave a project alone: l9 changes nothing in it until `l9 start`',
  details: 'Containers go on running; nothing is healed, restarted or updated meanwhile.',
  arguments: [],
  options: {
    for: {
      type: 'duration',
      value: 'DURATION',
      summary: 'end the pause by itself; else it lasts until `l9 start`',
      completes: 'nothing',
    },
  },
  examples: [
    { command: 'l9 pause', does: 'until l9 start' },
    { command: 'l9 pause --for 1h', does: 'for one hour' },
  ],
  writes: true,
});

export const exec = defineCommand({
  group: 'operate',
  summary: 'run a command in an instance; its exit code is the exit code',
  arguments: [{ name: 'SERVICE[-N]', required: true, several: false, completes: 'service' }],
  options: {
    stdin: { type: 'flag', short: 'i', summary: 'pass standard input on' },
    tty: { type: 'flag', short: 't', summary: 'give the command a terminal' },
    user: {
      type: 'text',
      short: 'u',
      value: 'USER',
      summary: 'run as this user',
      completes: 'nothing',
    },
    workdir: { type: 'text', value: 'PATH', summary: 'run in this folder', completes: 'nothing' },
    env: {
      type: 'texts',
      short: 'e',
      value: 'NAME=VALUE',
      summary: 'set a variable',
      completes: 'nothing',
    },
  },
  examples: [
    { command: 'l9 exec redis -- redis-cli ping', does: 'one command' },
    { command: 'l9 exec -it redis-2 -- sh', does: 'a shell in the second instance' },
    { command: 'l9 exec -i db -- psql -U app < dump.sql', does: 'with standard input' },
  ],
  writes: false,
  passesOn: true,
});

export const rolloutStatus = defineCommand({
  group: 'operate',
  summary: 'wait until the current generation runs everywhere, and say so',
  arguments: [services],
  options: { timeout, output },
  examples: [
    { command: 'l9 rollout status', does: 'the project of this folder' },
    { command: 'l9 rollout status web --timeout 1m', does: 'one service' },
  ],
  writes: false,
});

export const rolloutHistory = defineCommand({
  group: 'operate',
  summary: 'list the generations of a project, or show one',
  arguments: [],
  options: {
    generation: {
      type: 'integer',
      value: 'N',
      summary: 'show what this generation says',
      completes: 'nothing',
    },
    output: {
      type: 'text',
      short: 'o',
      value: 'FORMAT',
      default: 'table',
      summary: 'table, json or yaml',
      choices: ['table', 'json', 'yaml'],
    },
  },
  examples: [
    { command: 'l9 rollout history', does: 'the generations and why there are' },
    { command: 'l9 rollout history --generation 3 -o yaml', does: 'the documents of one' },
  ],
  writes: false,
});

export const rolloutUndo = defineCommand({
  group: 'operate',
  summary: 'go back to an older generation, as a new one',
  arguments: [],
  options: {
    to: {
      type: 'integer',
      value: 'GENERATION',
      summary: 'which one; the one before the current when absent',
      completes: 'nothing',
    },
    wait,
    timeout,
  },
  examples: [
    { command: 'l9 rollout undo', does: 'to the generation before' },
    { command: 'l9 rollout undo --to 3', does: 'to a certain one' },
  ],
  writes: true,
});

export const rolloutRestart = defineCommand({
  group: 'operate',
  summary: 'restart services one instance after the other, each waiting for the one before',
  arguments: [services],
  options: { selector, timeout },
  examples: [
    { command: 'l9 rollout restart web', does: 'one service without an outage' },
    { command: 'l9 rollout restart', does: 'the whole project' },
  ],
  writes: true,
});
