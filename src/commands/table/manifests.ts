import { defineCommand } from '../definition.ts';
import { manifestOptions, output, services, textOrJson, timeout, wait } from './options.ts';

/** Options that change what an apply would do; `plan` and `diff` take them to show just that. */
const applyOptions = {
  prune: {
    type: 'flag',
    summary:
      'remove what was applied from the same place and is no longer written there; never volumes',
  },
  forceRecreate: { type: 'flag', summary: 'replace containers that are as they should be' },
  takeOver: {
    type: 'flag',
    summary: 'take a project over that was applied from another folder',
  },
} as const;

const imageOptions = {
  pull: { type: 'flag', summary: 'look again what each image reference means' },
  noCache: { type: 'flag', summary: 'build without the layers of earlier builds' },
} as const;

export const apply = defineCommand({
  group: 'manifests',
  summary: 'make what runs equal to the manifests',
  details: `Reads the manifests, writes them down in the engine as the next generation of the project, and
changes what differs: nothing, when nothing does. With SERVICE only these and what they depend on.
Running it again after any interruption continues where it stopped.`,
  arguments: [services],
  options: {
    ...manifestOptions,
    ...applyOptions,
    ...imageOptions,
    dryRun: { type: 'flag', summary: 'only show the plan; touch nothing' },
    wait,
    timeout,
    output,
  },
  examples: [
    { command: 'l9 apply', does: 'l9.yaml or manifests/ of this folder' },
    { command: 'l9 apply -f stack.yaml redis', does: 'only redis and what it depends on' },
    {
      command: 'l9 apply --variant alpine --prune',
      does: 'another variant, and remove what is gone',
    },
    { command: 'generate | l9 apply -f - --timeout 2m', does: 'from standard input' },
  ],
  writes: true,
});

export const diff = defineCommand({
  group: 'manifests',
  summary: 'show how the manifests differ from what runs, and what applying them would mean',
  details: 'Exit code 0: nothing differs; 1: something does; 2 and above: an error.',
  arguments: [services],
  options: { ...manifestOptions, ...applyOptions, output: textOrJson },
  examples: [
    { command: 'l9 diff', does: 'the manifests of this folder' },
    { command: 'l9 diff -f stack.yaml redis', does: 'one service' },
    { command: 'l9 diff -q || echo "out of date"', does: 'in a script' },
  ],
  writes: false,
});

export const plan = defineCommand({
  group: 'manifests',
  summary: 'show every action that an apply would take, in order, with its cause',
  arguments: [services],
  options: { ...manifestOptions, ...applyOptions, output: textOrJson },
  examples: [
    { command: 'l9 plan', does: 'the manifests of this folder' },
    { command: 'l9 plan --prune', does: 'with what would be removed' },
    { command: 'l9 plan -o json', does: 'for programs' },
  ],
  writes: false,
});

export const validate = defineCommand({
  group: 'manifests',
  summary: 'check manifests without an engine',
  details: `Reports every mistake at once, with its place and what to write instead. Warnings do not change
the exit code unless --strict is given.`,
  arguments: [],
  options: {
    ...manifestOptions,
    strict: { type: 'flag', summary: 'take warnings for errors' },
    output: textOrJson,
  },
  examples: [
    { command: 'l9 validate', does: 'the manifests of this folder' },
    { command: 'l9 validate -f manifests/ --strict', does: 'in CI' },
    { command: 'l9 validate -f - -o json < stack.yaml', does: 'in an editor' },
  ],
  writes: false,
});

export const explain = defineCommand({
  group: 'manifests',
  summary: 'explain a field of the manifests',
  arguments: [{ name: 'PATH', required: false, several: false, completes: 'nothing' }],
  options: { recursive: { type: 'flag', summary: 'the whole tree of fields below' } },
  examples: [
    { command: 'l9 explain', does: 'the kinds' },
    { command: 'l9 explain service --recursive', does: 'the fields of a kind, all the way down' },
    { command: 'l9 explain service.spec.healthcheck', does: 'one field and what is below it' },
  ],
  writes: false,
});

export const build = defineCommand({
  group: 'manifests',
  summary: 'build images and apply nothing',
  details: `The tag comes from a hash of everything that goes in, so an unchanged context builds nothing.
Prints the service and its tag.`,
  arguments: [services],
  options: { ...manifestOptions, ...imageOptions, output: textOrJson },
  examples: [
    { command: 'l9 build', does: 'everything that has a build section' },
    { command: 'l9 build indexer --no-cache', does: 'one service from the ground up' },
  ],
  writes: true,
});
