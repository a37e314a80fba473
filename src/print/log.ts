import type { Emit, TraceEvent } from '../model/trace.ts';
import type { Terminal } from './terminal.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

const levels: Readonly<Record<TraceEvent['type'], Level>> = {
  lockWaiting: 'info',
  generationWritten: 'info',
  planReady: 'info',
  actionStarted: 'debug',
  actionFinished: 'info',
  actionFailed: 'error',
  actionSkipped: 'warn',
  instanceChanged: 'info',
  imageProgress: 'debug',
  buildOutput: 'debug',
  engineAway: 'warn',
  engineBack: 'info',
  remark: 'info',
};

export interface Log {
  readonly emit: Emit;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** The log of `--verbose`: pino's JSON for programs, a line for people on a terminal. Loads pino. */
export async function openLog(terminal: Terminal): Promise<Log> {
  const { pino } = await import('pino');
  const write = terminal.interactive
    ? (line: string): void => terminal.write(readable(line, terminal))
    : (line: string): void => terminal.write(line);
  const log = pino(
    { level: 'debug', base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    { write },
  );
  return {
    emit: (event) => log[levelOf(event)](fieldsOf(event), event.type),
    info: (fields, message) => log.info(fields, message),
  };
}

const levelOf = (event: TraceEvent): Level =>
  event.type === 'remark' && event.level === 'warning' ? 'warn' : levels[event.type];

/** What is logged of an event. Of actions only what names them: their details hold environments. */
function fieldsOf(event: TraceEvent): Record<string, unknown> {
  // A second `level` would hide pino's own.
  if (event.type === 'remark') return { message: event.message };
  const { type: _, ...fields } = event;
  if ('action' in fields) {
    const { id, cause, subject, action } = fields.action;
    return { ...fields, action: id, does: action.type, subject, cause: cause.message };
  }
  if ('actions' in fields) return { ...fields, actions: fields.actions.map(({ id }) => id) };
  return fields;
}

const names: Readonly<Record<number, Level>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

function readable(json: string, { palette }: Terminal): string {
  const record: unknown = JSON.parse(json);
  if (typeof record !== 'object' || record === null) return json;
  const {
    level,
    time,
    msg,
    pid: _,
    ...fields
  } = { level: 0, time: '', msg: '', pid: 0, ...record };
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const clock = palette.dim(time.slice(11, 23));
  return `${clock} ${(names[level] ?? 'info').padEnd(5)} ${msg} ${palette.dim(rest.join(' '))}\n`;
}
