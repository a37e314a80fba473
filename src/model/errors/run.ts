import { defineErrors } from './define.ts';

/** What went wrong while making it so. */
export const runErrors = defineErrors({
  NotReadyInTime: {
    title: 'Services were not ready before the deadline.',
    remedy: 'Look at `l9 describe` and `l9 logs`; raise --timeout if they only need longer.',
    exit: 3,
    retry: true,
  },
  ServiceFailed: {
    title: 'A service failed and cannot come up without help.',
    remedy: 'The message names the service and its last words; see `l9 logs` and `l9 describe`.',
    exit: 4,
    retry: false,
  },
  Blocked: {
    title: 'Something that is not l9’s stands in the way.',
    remedy: 'The message names the owner and the ways out; l9 never takes what is not its own.',
    exit: 4,
    retry: false,
  },
  DependencyFailed: {
    title: 'A service that others wait for did not get as far as they need it.',
    remedy: 'Mend that service first; the others follow by themselves.',
    exit: 4,
    retry: true,
  },
  ContainerGone: {
    title: 'A container was removed while it was being worked on.',
    remedy: 'Run the command again.',
    exit: 1,
    retry: true,
  },
  SecretMissing: {
    title: 'The value of a secret is not in its store any more.',
    remedy: 'Apply the manifests again where the secret’s source can be read.',
    exit: 4,
    retry: false,
  },
  Interrupted: {
    title: 'The command was interrupted.',
    remedy: 'Run it again: it continues where it stopped.',
    exit: 1,
    retry: true,
  },
});
