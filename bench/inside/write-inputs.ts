// Writes what plans are made from into a folder, so that the process that is measured begins with it, and cold.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { plan } from '../../src/plan/plan.ts';
import { thousandServices } from './thousand.ts';

const [folder = '.'] = process.argv.slice(2);
const actions: Record<string, number> = {};
for (const [name, input] of Object.entries(thousandServices())) {
  writeFileSync(join(folder, name), serialize(input));
  actions[name] = plan(input).actions.length;
}
process.stdout.write(JSON.stringify(actions));
