import { defineErrors } from './define.ts';

/** What went wrong while making it so. */
export const runErrors = defineErrors({
  NotReadyInTime: {
    title: 'Services were not ready before the deadline.',
    remedy: 'Look at `l9 describe` and `l9 logs`; raise --timeout if they only need longer.',
    exit: 3,
    retry: true,
  },
});
