import { engineErrors } from './errors/engine.ts';
import { imageErrors } from './errors/images.ts';
import { manifestErrors } from './errors/manifest.ts';
import { recordErrors } from './errors/records.ts';
import { runErrors } from './errors/run.ts';
import { usageErrors } from './errors/usage.ts';

/** Every code that l9 can print. Codes are part of the public contract: add, never rename. */
export const errorCatalogue = {
  ...usageErrors,
  ...manifestErrors,
  ...engineErrors,
  ...recordErrors,
  ...imageErrors,
  ...runErrors,
};

export type ErrorCode = keyof typeof errorCatalogue;

/** A place in a manifest; line and column count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One finding about what somebody wrote. Problems are collected, sorted and shown together. */
export interface Problem {
  readonly code: ErrorCode;
  readonly severity: 'error' | 'warning';
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** What to write instead, or do next. May hold several lines (a snippet to paste). */
  readonly hint?: string;
  readonly position?: SourcePosition;
  /** The offending lines with their numbers and a caret, ready to print. */
  readonly excerpt?: string;
}

export interface ErrorDetails {
  readonly hint?: string;
  readonly cause?: unknown;
  readonly problems?: readonly Problem[];
}

/** The only error that l9 throws on purpose: a code from the catalogue, what happened, what to do next. */
export class L9Error extends Error {
  override readonly name = 'L9Error';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.problems = details.problems ?? [];
  }

  /** The process's exit code when this error ends a command. */
  get exitCode(): number {
    return errorCatalogue[this.code].exit;
  }

  /** Whether the same thing can succeed later without anybody changing anything. */
  get retryable(): boolean {
    return errorCatalogue[this.code].retry;
  }
}
