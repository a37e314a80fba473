import { bashScript } from './completion/bash.ts';
import { fishScript } from './completion/fish.ts';
import { completionModel } from './completion/model.ts';
import { zshScript } from './completion/zsh.ts';
import type { Run } from './context.ts';
import { usageError } from './input/usage.ts';

const scripts = new Map([
  ['bash', bashScript],
  ['zsh', zshScript],
  ['fish', fishScript],
]);

export const run: Run<'completion'> = (context, { args }) => {
  const [shell = ''] = args;
  const script = scripts.get(shell);
  if (script === undefined)
    throw usageError(`${shell} is no shell that l9 knows`, [...scripts.keys()].join(', '));
  context.out.write(script(completionModel()));
  return Promise.resolve(0);
};
