import { defineErrors } from './define.ts';

/** What l9 keeps in the engine: records and locks. */
export const recordErrors = defineErrors({
  RecordTooNew: {
    title: 'A record was written by a newer version of l9.',
    remedy: 'Upgrade l9; an older version never writes over a newer record.',
    exit: 1,
    retry: false,
  },
  RecordUnreadable: {
    title: 'A record in the engine is damaged.',
    remedy: 'Remove the volume that the message names and apply again; containers keep running.',
    exit: 1,
    retry: false,
  },
  RecordContended: {
    title: 'Others wrote the same record again and again.',
    remedy: 'Try again.',
    exit: 1,
    retry: true,
  },
  ProjectLocked: {
    title: 'Another l9 is at work on this project.',
    remedy: 'Wait for it, or stop it; a lock whose holder died is taken over by itself.',
    exit: 1,
    retry: true,
  },
  LockLost: {
    title: 'The lock on the project was taken away while it was in use.',
    remedy: 'Run the command again; it continues where this one stopped.',
    exit: 1,
    retry: true,
  },
  NoSuchProject: {
    title: 'No project of that name was applied on this engine.',
    remedy: 'See l9 get projects, or apply its manifests.',
    exit: 1,
    retry: false,
  },
  ProjectUnclear: {
    title: 'It is not clear which project is meant.',
    remedy: 'Name it with -p, or run the command in its folder.',
    exit: 2,
    retry: false,
  },
  NoSuchResource: {
    title: 'There is nothing of that name.',
    remedy: 'See l9 get with -A for all projects.',
    exit: 1,
    retry: false,
  },
  NoSuchService: {
    title: 'None of the manifests has a service of that name.',
    remedy: 'Compare the name with the manifests.',
    exit: 2,
    retry: false,
  },
  NoSuchGeneration: {
    title: 'That generation of the project is not kept.',
    remedy: 'See l9 rollout history; Project.spec.revisionHistoryLimit says how many are kept.',
    exit: 1,
    retry: false,
  },
  StillNeeded: {
    title: 'A service that stays depends on what was to be deleted.',
    remedy: 'Delete both, or change the manifest of the one that stays first.',
    exit: 2,
    retry: false,
  },
  FixedPortScaled: {
    title: 'A service with a fixed host port cannot have more than one instance.',
    remedy: 'Write host: auto for the port.',
    exit: 2,
    retry: false,
  },
  ProjectElsewhere: {
    title: 'A project of that name was applied from another folder.',
    remedy: 'Use --take-over, --project-name, or spec.identity: path.',
    exit: 2,
    retry: false,
  },
});
