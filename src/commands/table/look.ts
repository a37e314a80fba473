import { defineCommand } from '../definition.ts';
import { allProjects, output, selector, services, timeout, watch } from './options.ts';

export const get = defineCommand({
  group: 'look',
  summary: 'list services, projects, networks, volumes, configs or secrets',
  details: `KIND is one of service (svc), project (proj), network (net), volume (vol), config (cm), secret (sec)
or all; several are written with commas. Without a KIND: services.`,
  arguments: [
    { name: 'KIND | KIND/NAME | NAME', required: false, several: true, completes: 'resource' },
  ],
  options: {
    allProjects,
    selector,
    output,
    watch,
    headers: { type: 'flag', default: true, summary: 'leave out the titles of the columns' },
  },
  examples: [
    { command: 'l9 get', does: 'the services of the project of this folder' },
    { command: 'l9 get svc,vol -A -o wide', does: 'services and volumes of all projects' },
    { command: 'l9 get service/redis -o yaml', does: 'one service, everything that is known' },
    {
      command: "l9 get -l tier=cache -o jsonpath='{.items[*].metadata.name}'",
      does: 'names of what has a label',
    },
  ],
  writes: false,
});

export const describe = defineCommand({
  group: 'look',
  summary: 'show one thing on one screen: specification, conditions, instances, probes, events',
  arguments: [{ name: 'KIND/NAME | NAME', required: false, several: true, completes: 'resource' }],
  options: {},
  examples: [
    { command: 'l9 describe redis', does: 'a service' },
    { command: 'l9 describe volume/redis-data', does: 'another kind' },
    { command: 'l9 describe -p memory', does: 'the project itself' },
  ],
  writes: false,
});

export const logs = defineCommand({
  group: 'look',
  summary: 'show what services print',
  details: `Without SERVICE those of the whole project. NAME-2 is the second instance. On a terminal, control
characters are shown and not obeyed; into a pipe the bytes go as they came.`,
  arguments: [services],
  options: {
    follow: { type: 'flag', short: 'f', summary: 'go on with what comes, over restarts too' },
    tail: {
      type: 'integer',
      short: 'n',
      value: 'LINES',
      summary: 'so many lines from the end of each instance; all when absent',
      completes: 'nothing',
    },
    since: {
      type: 'text',
      value: 'TIME',
      summary: 'not older than a duration (10m) or an RFC 3339 time',
      completes: 'nothing',
    },
    until: {
      type: 'text',
      value: 'TIME',
      summary: 'not newer than a duration (10m) or an RFC 3339 time',
      completes: 'nothing',
    },
    timestamps: { type: 'flag', short: 't', summary: 'show when each line was printed' },
    prefix: {
      type: 'flag',
      default: true,
      summary: 'leave out the name before each line when there are several',
    },
    selector,
  },
  examples: [
    { command: 'l9 logs redis', does: 'one service' },
    { command: 'l9 logs -f redis indexer', does: 'two of them as they come' },
    { command: 'l9 logs --since 10m --tail 100 -t', does: 'the latest of the whole project' },
  ],
  writes: false,
});

export const wait = defineCommand({
  group: 'look',
  summary: 'wait until something holds',
  details: `--for takes condition=TYPE[=STATUS], phase=PHASE, delete, or jsonpath='{PATH}'[=VALUE]. Exit code 3
when the time is up.`,
  arguments: [{ name: 'KIND/NAME | NAME', required: false, several: true, completes: 'resource' }],
  options: {
    for: {
      type: 'text',
      value: 'WHAT',
      default: 'condition=Ready',
      summary: 'what must hold of everything that is named',
      choices: ['condition=Ready', 'condition=Healthy', 'phase=', 'delete', 'jsonpath='],
    },
    selector,
    timeout,
  },
  examples: [
    { command: 'l9 wait', does: 'the whole project is ready' },
    { command: 'l9 wait redis indexer --timeout 30s', does: 'two services are ready' },
    {
      command: 'l9 wait service/migrate --for=phase=Completed',
      does: 'a one-shot has done its work',
    },
    { command: 'l9 wait project/memory --for=delete', does: 'it is gone' },
  ],
  writes: false,
});

export const port = defineCommand({
  group: 'look',
  summary: 'show where the ports of a service are reached',
  arguments: [
    { name: 'SERVICE', required: true, several: false, completes: 'service' },
    { name: 'PORT', required: false, several: false, completes: 'nothing' },
  ],
  options: {},
  examples: [
    { command: 'l9 port redis', does: 'all published ports' },
    { command: 'l9 port redis redis', does: 'HOST:PORT of the port that is named redis' },
    { command: 'curl http://$(l9 port web 80)/', does: "by the container's number, in a script" },
  ],
  writes: false,
});

export const outputs = defineCommand({
  group: 'look',
  summary: 'show the outputs of a project with hosts and ports filled in',
  details: 'Outputs may hold secrets: this is one of the commands that exist to show them.',
  arguments: [{ name: 'NAME', required: false, several: false, completes: 'nothing' }],
  options: {
    output: {
      type: 'text',
      short: 'o',
      value: 'FORMAT',
      default: 'dotenv',
      summary: 'json, dotenv, or shell with export',
      choices: ['json', 'dotenv', 'shell'],
    },
  },
  examples: [
    { command: 'l9 outputs', does: 'NAME=value lines' },
    { command: 'eval "$(l9 outputs -o shell)"', does: 'into this shell' },
    { command: 'l9 outputs REDIS_URL', does: 'one value' },
  ],
  writes: false,
});

export const top = defineCommand({
  group: 'look',
  summary: 'show the CPU and memory that instances use, and their share of the limits',
  arguments: [services],
  options: {
    allProjects,
    watch,
    output: {
      type: 'text',
      short: 'o',
      value: 'FORMAT',
      default: 'table',
      summary: 'table or json',
      choices: ['table', 'json'],
    },
  },
  examples: [
    { command: 'l9 top', does: 'the project of this folder' },
    { command: 'l9 top -A', does: 'all projects' },
    { command: 'l9 top redis -w', does: 'one service, again and again' },
  ],
  writes: false,
});
