import { parseCpus, parseDuration, parseSize } from '../manifest/quantities.ts';
import { L9Error } from '../model/errors.ts';

/** Validated manifests hold no nonsense, so this is a record that something else wrote. */
const unreadable = (what: string, value: unknown): L9Error =>
  new L9Error('RecordUnreadable', `${JSON.stringify(value)} is no ${what}`, {
    hint: 'Apply the manifests again; if that does not help, report it.',
  });

/** A duration as written, in milliseconds. */
export const milliseconds = (text: string): number => {
  const value = parseDuration(text);
  if (value === undefined) throw unreadable('duration', text);
  return value;
};

/** A size as written, in bytes. */
export const bytes = (text: string | number): number => {
  const value = parseSize(text);
  if (value === undefined) throw unreadable('size', text);
  return value;
};

/** A number of CPUs as written, in billionths of one. */
export const nanoCpus = (text: number | string): number => {
  const value = parseCpus(text);
  if (value === undefined) throw unreadable('number of CPUs', text);
  return value;
};

/** Permission bits as written, in octal. */
export const permissionBits = (text: string | number): number => {
  const value = Number.parseInt(String(text), 8);
  if (Number.isNaN(value)) throw unreadable('file mode', text);
  return value;
};

/** 'from-to', both included. */
export const portRange = (text: string): { readonly from: number; readonly to: number } => {
  const [from = Number.NaN, to = Number.NaN] = text.split('-').map(Number);
  if (Number.isNaN(from) || Number.isNaN(to)) throw unreadable('range of ports', text);
  return { from, to };
};
