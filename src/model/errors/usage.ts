import { defineErrors } from './define.ts';

/** How the command was called. Nothing was touched. */
export const usageErrors = defineErrors({
  Usage: {
    title: 'The command line could not be understood.',
    remedy: 'See the command with --help.',
    exit: 2,
    retry: false,
  },
  ConfirmationNeeded: {
    title: 'The command destroys something and needs a yes.',
    remedy: 'Run it on a terminal and answer, or add --yes.',
    exit: 2,
    retry: false,
  },
});
