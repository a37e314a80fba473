import type { engineErrors } from '../model/errors/engine.ts';
import type { Engine } from './api.ts';

export type EngineErrorCode = keyof typeof engineErrors;

/** The engine's methods: what was asked for decides what an answer means. */
export type Operation = keyof Engine;

/** What an engine answered when it did not do what was asked for. */
export interface Answer {
  readonly operation: Operation;
  /** HTTP status; 200 for an error that stood inside a stream. */
  readonly status: number;
  readonly message: string;
  /** What the call was about, for people: `container shop_web_1`. */
  readonly subject: string;
}

/** The engine's own words: the cause of every error that stands for an answer. */
export class EngineAnswer extends Error {
  override readonly name = 'EngineAnswer';
  readonly operation: Operation;
  readonly status: number;
  /** The id of what holds a name or a volume, where the engine says so. */
  readonly holder: string | undefined;

  constructor(answer: Answer, holder: string | undefined) {
    super(answer.message);
    this.operation = answer.operation;
    this.status = answer.status;
    this.holder = holder;
  }
}

/** What a rule makes of an answer. */
export interface Reading {
  readonly message: string;
  readonly hint: string;
  readonly holder?: string;
}

/** One line of the table: operation + status + words → code. Never the status alone. */
export interface AnswerRule {
  readonly code: EngineErrorCode;
  /** Absent: any operation. */
  readonly operations?: readonly Operation[];
  /** Absent: any status. */
  readonly status?: readonly number[];
  readonly words: RegExp;
  readonly read: (answer: Answer, match: RegExpExecArray) => Reading;
}
