import type { PlannedAction, Subject } from './action.ts';
import type { ErrorCode } from './errors.ts';
import type { InstanceState } from './lifecycle.ts';

/** Everything that l9 tells while it works. Progress, logs, metrics and records are consumers of these. */
export type TraceEvent =
  | { readonly type: 'lockWaiting'; readonly project: string; readonly holder: string }
  | { readonly type: 'generationWritten'; readonly project: string; readonly generation: number }
  | {
      readonly type: 'planReady';
      readonly project: string;
      readonly actions: readonly PlannedAction[];
    }
  | { readonly type: 'actionStarted'; readonly project: string; readonly action: PlannedAction }
  | {
      readonly type: 'actionFinished';
      readonly project: string;
      readonly action: PlannedAction;
      readonly durationMs: number;
    }
  | {
      readonly type: 'actionFailed';
      readonly project: string;
      readonly action: PlannedAction;
      readonly code: ErrorCode;
      readonly message: string;
      readonly willRetry: boolean;
    }
  | {
      readonly type: 'actionSkipped';
      readonly project: string;
      readonly action: PlannedAction;
      readonly because: string;
    }
  | {
      readonly type: 'instanceChanged';
      readonly project: string;
      readonly subject: Subject;
      readonly state: InstanceState;
      readonly message: string;
    }
  | {
      readonly type: 'imageProgress';
      readonly reference: string;
      /** The layer that bytes and status are about; absent for the image as a whole. */
      readonly layer?: string;
      readonly status: string;
      readonly currentBytes?: number;
      readonly totalBytes?: number;
    }
  | { readonly type: 'buildOutput'; readonly reference: string; readonly text: string }
  | { readonly type: 'engineAway'; readonly message: string }
  | { readonly type: 'engineBack' }
  | { readonly type: 'remark'; readonly level: 'info' | 'warning'; readonly message: string };

export type Emit = (event: TraceEvent) => void;
