import type { Labels } from '../../model/labels.ts';
import { usageError } from './usage.ts';

export type Requirement =
  | { readonly operator: 'exists' | 'absent'; readonly key: string }
  | { readonly operator: 'in' | 'notin'; readonly key: string; readonly values: readonly string[] };

/**
 * Reads label selectors as Kubernetes writes them: `a=b`, `a==b`, `a!=b`, `a in (b, c)`,
 * `a notin (b, c)`, `a`, `!a`, joined by commas. Throws `Usage`.
 */
export function parseSelector(text: string): Requirement[] {
  return requirements(text).map((part) => {
    const requirement = readRequirement(part.trim());
    if (requirement === undefined) {
      throw usageError(
        `the selector ${JSON.stringify(text)} cannot be understood at ${JSON.stringify(part.trim())}`,
        "write 'tier=cache', 'tier!=cache', 'tier in (a, b)', 'tier' or '!tier', joined by commas",
      );
    }
    return requirement;
  });
}

/** Cuts at the commas that stand outside parentheses. */
const requirements = (text: string): string[] => text.split(/,(?![^(]*\))/);

const key = String.raw`([A-Za-z0-9](?:[\w./-]*[A-Za-z0-9])?)`;
const equality = new RegExp(`^${key}\\s*(=|==|!=)\\s*([^\\s()=!,]*)$`);
const membership = new RegExp(`^${key}\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const existence = new RegExp(`^(!?)\\s*${key}$`);

function readRequirement(part: string): Requirement | undefined {
  const equal = equality.exec(part);
  if (equal !== null) {
    const [, name = '', operator, value = ''] = equal;
    return { operator: operator === '!=' ? 'notin' : 'in', key: name, values: [value] };
  }
  const member = membership.exec(part);
  if (member !== null) {
    const [, name = '', operator, list = ''] = member;
    const values = list.split(',').map((value) => value.trim());
    return { operator: operator === 'in' ? 'in' : 'notin', key: name, values };
  }
  const [, absent, name] = existence.exec(part) ?? [];
  return name === undefined
    ? undefined
    : { operator: absent === '!' ? 'absent' : 'exists', key: name };
}

/** True when all requirements hold. As in Kubernetes, `a!=b` and `notin` also hold where there is no `a`. */
export function matchesSelector(wanted: readonly Requirement[], labels: Labels): boolean {
  return wanted.every((requirement) => {
    const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    switch (requirement.operator) {
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
      case 'in':
        return value !== undefined && requirement.values.includes(value);
      case 'notin':
        return value === undefined || !requirement.values.includes(value);
    }
  });
}
