import type { PlannedAction } from '../../model/action.ts';
import type { InstanceState } from '../../model/lifecycle.ts';
import type { TraceEvent } from '../../model/trace.ts';
import { subjectText } from '../../plan/format.ts';
import { formatElapsed } from '../quantity.ts';
import { done, doing, isMinor } from './words.ts';

/** Instances' states that a log should have; the others are told by the actions. */
const told: Readonly<Partial<Record<InstanceState, true>>> = {
  healthy: true,
  unhealthy: true,
  completed: true,
  degraded: true,
  failed: true,
};

/** Turns events into lines for a pipe or a file: one line for each action that is over, with its cause. */
export class PlainLines {
  private readonly replaced = new Set<string>();
  private readonly images = new Set<string>();
  /** By subject: the state that was told last, by a wait that ended or a change. */
  private readonly states = new Map<string, string>();

  of(event: TraceEvent): string[] {
    switch (event.type) {
      case 'planReady':
        for (const { action, subject } of event.actions) {
          if (action.type === 'createContainer') this.replaced.add(subjectText(subject));
        }
        return [];
      case 'actionStarted':
        return [];
      case 'actionFinished':
        return this.finished(event.action, event.durationMs);
      case 'actionFailed':
        return [
          `${subjectText(event.action.subject)} failed while ${doing(event.action.action)}: ${event.message} [${event.code}]${event.willRetry ? '; trying again' : ''}`,
        ];
      case 'actionSkipped':
        return isMinor(event.action.action)
          ? []
          : [
              `${subjectText(event.action.subject)} not ${done(event.action.action)}: ${event.because}`,
            ];
      case 'instanceChanged':
        return this.changed(event);
      case 'imageProgress': {
        const known = this.images.has(event.reference);
        this.images.add(event.reference);
        return known ? [] : [`image ${event.reference}: ${event.status}`];
      }
      case 'buildOutput': {
        const known = this.images.has(event.reference);
        this.images.add(event.reference);
        return known ? [] : [`image ${event.reference}: building`];
      }
      case 'lockWaiting':
        return [`waiting: another l9 is at work on ${event.project} (${event.holder})`];
      case 'generationWritten':
        return [`${event.project}: generation ${event.generation} is written`];
      case 'engineAway':
        return [`the engine is away, waiting for it: ${event.message}`];
      case 'engineBack':
        return ['the engine is back'];
      case 'remark':
        return [event.level === 'warning' ? `warning: ${event.message}` : event.message];
    }
  }

  private changed(event: Extract<TraceEvent, { type: 'instanceChanged' }>): string[] {
    const name = subjectText(event.subject);
    if (told[event.state] !== true || this.states.get(name) === event.state) return [];
    this.states.set(name, event.state);
    // That it is well needs no reason.
    const quiet = event.message === '' || event.state === 'healthy';
    return [`${name} is ${event.state}${quiet ? '' : `: ${event.message}`}`];
  }

  private finished(planned: PlannedAction, durationMs: number): string[] {
    const { action, subject, cause } = planned;
    const name = subjectText(subject);
    // The end of a replaced container is told by its stop and the start of the new one.
    const replaces = action.type === 'removeContainer' && this.replaced.has(name);
    if (action.type === 'awaitContainer') this.states.set(name, action.condition);
    if (isMinor(action) || replaces) return [];
    return [`${name} ${done(action)} (${formatElapsed(durationMs)})  — ${cause.message}`];
  }
}
