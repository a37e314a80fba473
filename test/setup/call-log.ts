import type { CallLabels } from './call-label.ts';

/** One call that somebody made to the engine. */
export interface EngineCall {
  /** From 1, in the order in which the calls' heads arrived. */
  readonly number: number;
  readonly method: string;
  /** Method and path with names for ids: the same in every run. See call-label.ts. */
  readonly label: string;
  /** How many calls with this label there were, this one included. */
  readonly occurrence: number;
  /** `label #occurrence`: identifies a call from one run to the next, also when calls run side by side. */
  readonly key: string;
  /** Whether it may change something: not a GET or HEAD. */
  readonly write: boolean;
  /** The answer's, once it came. */
  readonly status: number | undefined;
}

/**
 * How a call goes on after a fault has acted: as if nothing were; with its connection broken; never; or with
 * this answer in place of the engine's.
 */
export type Outcome =
  | 'continue'
  | 'reset'
  | 'hang'
  | { readonly status: number; readonly message: string };

export interface Fault {
  /** The k-th call of all (from 1), a key, a label, or any test. */
  readonly at: number | string | ((call: EngineCall) => boolean);
  /**
   * `before`: the engine has not seen the call. `after`: the engine has done it, and its answer is held back (for
   * builds and pulls, which work while they answer: all of the answer).
   */
  readonly when: 'before' | 'after';
  /** The call is held until this is done; killing the program under test stands here. */
  readonly act: (call: EngineCall) => Outcome | Promise<Outcome>;
  /** How often it happens; once when absent. */
  readonly times?: number;
}

interface PendingFault {
  readonly fault: Fault;
  left: number;
}

/** The calls so far, and the faults that wait for them. */
export class CallLog {
  #calls: EngineCall[] = [];
  readonly #faults = new Set<PendingFault>();
  readonly #labels: CallLabels;

  constructor(labels: CallLabels) {
    this.#labels = labels;
  }

  calls(): readonly EngineCall[] {
    return [...this.#calls];
  }

  forget(): void {
    this.#calls = [];
  }

  inject(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? 1 };
    this.#faults.add(entry);
    return () => this.#faults.delete(entry);
  }

  begin(method: string, target: string): EngineCall {
    const label = this.#labels.label(method, target);
    const occurrence = this.#calls.filter((call) => call.label === label).length + 1;
    const call: EngineCall = {
      number: this.#calls.length + 1,
      method,
      label,
      occurrence,
      key: `${label} #${occurrence}`,
      write: method !== 'GET' && method !== 'HEAD',
      status: undefined,
    };
    this.#calls.push(call);
    return call;
  }

  answered(call: EngineCall, status: number): void {
    // Found by identity: the counting may have begun again since.
    const index = this.#calls.indexOf(call);
    if (index !== -1) this.#calls[index] = { ...call, status };
  }

  /** The action of the first fault that waits for this moment; it is spent by asking. */
  take(call: EngineCall, when: Fault['when']): Fault['act'] | undefined {
    const found = [...this.#faults].find(
      ({ fault, left }) => left > 0 && fault.when === when && meets(fault, call),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.fault.act;
  }
}

const meets = ({ at }: Fault, call: EngineCall): boolean => {
  if (typeof at === 'function') return at(call);
  return typeof at === 'number' ? at === call.number : at === call.key || at === call.label;
};
