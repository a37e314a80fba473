import { describe } from 'vitest';
import { containerContract } from './containers.ts';
import { containerFailureContract } from './container-failures.ts';
import { eventContract } from './events.ts';
import { fileContract } from './files.ts';
import { healthContract } from './health.ts';
import { imageContract } from './images.ts';
import { networkContract } from './networks.ts';
import { outputContract } from './output.ts';
import type { Subject } from './subject.ts';
import { systemContract } from './system.ts';
import { volumeContract } from './volumes.ts';

/** What every implementation of src/engine/api.ts must do. Run on the fake, and on real engines. */
export const engineContract = (subject: Subject): void => {
  describe(`engine contract: ${subject.name}`, () => {
    systemContract(subject);
    containerContract(subject);
    containerFailureContract(subject);
    networkContract(subject);
    volumeContract(subject);
    fileContract(subject);
    outputContract(subject);
    healthContract(subject);
    eventContract(subject);
    imageContract(subject);
  });
};
