// Plans once, in a process that has planned nothing before, as a command does.
import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import type { PlanInput } from '../../src/plan/input.ts';
import { plan } from '../../src/plan/plan.ts';

const [file = ''] = process.argv.slice(2);
const input: PlanInput = deserialize(readFileSync(file));
const start = performance.now();
plan(input);
process.stdout.write(JSON.stringify(performance.now() - start));
