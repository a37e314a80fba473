import type { Comparison, Operand, Part, Path, Step } from './syntax.ts';

/** The text that a template makes of a document. Several values are separated by spaces; objects are JSON; what is not there is empty. */
export function renderTemplate(parts: readonly Part[], document: unknown): string {
  return renderParts(parts, { root: document, here: document });
}

/** The values that a path finds in a document, in its order. */
export const evaluatePath = (path: Path, document: unknown): unknown[] =>
  follow(path, { root: document, here: document });

interface Scope {
  readonly root: unknown;
  readonly here: unknown;
}

function renderParts(parts: readonly Part[], scope: Scope): string {
  return parts.map((part) => renderPart(part, scope)).join('');
}

function renderPart(part: Part, scope: Scope): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'path':
      return follow(part.path, scope).map(asText).join(' ');
    case 'range':
      return follow(part.path, scope)
        .map((here) => renderParts(part.body, { root: scope.root, here }))
        .join('');
  }
}

export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function follow(path: Path, scope: Scope): unknown[] {
  let found: unknown[] = [scope.here];
  for (const step of path) {
    found =
      step.type === 'root' ? [scope.root] : found.flatMap((value) => take(step, value, scope));
  }
  return found;
}

function take(step: Exclude<Step, { type: 'root' }>, value: unknown, scope: Scope): unknown[] {
  switch (step.type) {
    case 'field':
      return isRecord(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case 'index': {
      const item = Array.isArray(value) ? (value as unknown[]).at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case 'slice':
      return Array.isArray(value) ? (value as unknown[]).slice(step.from, step.to) : [];
    case 'all':
      return children(value);
    case 'descend':
      return [value, ...children(value).flatMap((child) => take(step, child, scope))];
    case 'filter':
      return children(value).filter((here) => matches(step, { root: scope.root, here }));
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  return isRecord(value) ? Object.values(value) : [];
}

function matches(filter: Extract<Step, { type: 'filter' }>, scope: Scope): boolean {
  const left = operandValues(filter.left, scope);
  if (filter.operator === undefined || filter.right === undefined) return left.length > 0;
  const right = operandValues(filter.right, scope)[0];
  return left.length > 0 && compare(left[0], filter.operator, right);
}

const operandValues = (operand: Operand, scope: Scope): unknown[] =>
  operand.type === 'value' ? [operand.value] : follow(operand.path, scope);

function compare(left: unknown, operator: Comparison, right: unknown): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return order(left, right) < 0;
    case '<=':
      return order(left, right) <= 0;
    case '>':
      return order(left, right) > 0;
    case '>=':
      return order(left, right) >= 0;
  }
}

/** NaN, which no comparison accepts, for values that have no order. */
function order(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string')
    return left < right ? -1 : Number(left > right);
  return Number.NaN;
}
