import { engineContract } from '../../contract/engine-contract.ts';
import { pullable } from '../../contract/pullable.ts';
import { realSubject } from './real-subject.ts';

engineContract(realSubject({ name: 'Docker', registry: pullable }));
