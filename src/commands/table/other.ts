import { defineCommand } from '../definition.ts';
import { textOrJson } from './options.ts';

export const completion = defineCommand({
  group: 'other',
  summary: 'print the completion script of a shell',
  arguments: [{ name: 'SHELL', required: true, several: false, choices: ['bash', 'zsh', 'fish'] }],
  options: {},
  examples: [
    { command: 'source <(l9 completion bash)', does: 'in ~/.bashrc' },
    { command: 'source <(l9 completion zsh)', does: 'in ~/.zshrc, after compinit' },
    { command: 'l9 completion fish | source', does: 'in ~/.config/fish/config.fish' },
  ],
  writes: false,
});

export const version = defineCommand({
  group: 'other',
  summary: 'print the version of l9',
  arguments: [],
  options: { output: textOrJson },
  examples: [
    { command: 'l9 version', does: 'for people' },
    { command: 'l9 version -o json', does: 'for programs' },
  ],
  writes: false,
});
