import type { ArgumentDefinition, OptionDefinition, OptionTable } from '../definition.ts';

/** Options of every command. */
export const globalOptions = {
  project: {
    type: 'text',
    short: 'p',
    value: 'PROJECT',
    summary: 'project to work on, instead of the one of this folder',
    completes: 'project',
    environment: 'L9_PROJECT',
  },
  host: {
    type: 'text',
    value: 'ADDRESS',
    summary: 'address of the Docker engine, instead of the one that the docker CLI would take',
    completes: 'nothing',
    environment: 'L9_HOST',
  },
  color: { type: 'flag', default: true, summary: 'no colours on a terminal' },
  verbose: { type: 'flag', short: 'v', summary: 'tell on stderr everything that is done' },
  quiet: {
    type: 'flag',
    short: 'q',
    summary: 'no progress and no advice: only results and errors',
  },
  help: { type: 'flag', short: 'h', summary: 'show this help' },
} as const satisfies OptionTable;

/** Where manifests come from. */
export const manifestOptions = {
  file: {
    type: 'texts',
    short: 'f',
    value: 'FILE',
    summary:
      'file, folder, or - for standard input; else l9.yaml, then manifests/, then a Compose file',
    completes: 'file',
  },
  variant: {
    type: 'text',
    value: 'NAME',
    summary: 'variant of the services to use',
    environment: 'L9_VARIANT',
    completes: 'nothing',
  },
  projectName: {
    type: 'text',
    value: 'NAME',
    summary: 'use the manifests as a project of another name; -p means the same here',
    completes: 'nothing',
  },
  envFile: {
    type: 'texts',
    value: 'FILE',
    summary: 'variables for the manifests, instead of .env',
    completes: 'file',
  },
  maxSize: {
    type: 'size',
    value: 'SIZE',
    default: '2Mi',
    summary: 'largest manifest that is read',
    completes: 'nothing',
  },
} as const satisfies OptionTable;

export const timeout = {
  type: 'duration',
  value: 'DURATION',
  default: '5m',
  summary: 'how long to wait before giving up with exit code 3',
  environment: 'L9_TIMEOUT',
  completes: 'nothing',
} as const satisfies OptionDefinition;

export const wait = {
  type: 'flag',
  default: true,
  summary: 'do not wait until services are ready',
} as const satisfies OptionDefinition;

export const selector = {
  type: 'text',
  short: 'l',
  value: 'SELECTOR',
  summary: "labels to choose by: 'tier=cache', 'tier!=cache', 'tier in (a, b)', 'tier', '!tier'",
  completes: 'nothing',
} as const satisfies OptionDefinition;

export const allProjects = {
  type: 'flag',
  short: 'A',
  summary: 'of all projects on the engine',
} as const satisfies OptionDefinition;

export const watch = {
  type: 'flag',
  short: 'w',
  summary: 'go on and show what changes',
} as const satisfies OptionDefinition;

/** For commands whose result is a list of resources. */
export const output = {
  type: 'text',
  short: 'o',
  value: 'FORMAT',
  default: 'table',
  summary: 'table, wide, json, yaml, name or jsonpath=TEMPLATE',
  choices: ['table', 'wide', 'json', 'yaml', 'name', 'jsonpath='],
} as const satisfies OptionDefinition;

/** For commands whose result is one small document. */
export const textOrJson = {
  type: 'text',
  short: 'o',
  value: 'FORMAT',
  default: 'text',
  summary: 'text or json',
  choices: ['text', 'json'],
} as const satisfies OptionDefinition;

export const services = {
  name: 'SERVICE',
  required: false,
  several: true,
  completes: 'service',
} as const satisfies ArgumentDefinition;
