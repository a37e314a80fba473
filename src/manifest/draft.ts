import type { ManifestKind } from '../model/documents.ts';
import { composeError, type Input } from './discover.ts';
import { type MapNode, type Node, placeAt, placeOf } from './node.ts';
import type { Report } from './problems.ts';
import { quote } from './quote.ts';
import { either, suggest } from './suggest.ts';

export const apiVersion = 'l9.dev/v1';

/** A document whose kind is known and whose fields are not looked at yet. */
export interface Draft {
  readonly kind: ManifestKind;
  readonly node: MapNode;
  readonly input: Input;
}

const kinds: readonly ManifestKind[] = [
  'Project',
  'Service',
  'Network',
  'Volume',
  'Config',
  'Secret',
  'Environment',
];

/** Reads a document's apiVersion and kind. Reports what is wrong and returns undefined. */
export function draftFrom(node: Node, input: Input, report: Report): Draft | undefined {
  if (node.kind !== 'map') {
    const found = node.kind === 'seq' ? 'a list' : quote(node.value);
    notAManifest(node, { input, report }, `expected a manifest, found ${found}`);
    return undefined;
  }
  const { entries } = node;
  if (!entries.has('apiVersion') && !entries.has('kind')) {
    if (entries.has('services') && !entries.has('metadata')) {
      const { code, message, hint } = composeError(input.file);
      if (input.explicit) report.error(code, placeOf(node), { message, hint });
      else report.warn('NotAManifest', placeOf(node), { message: `${message}; passed over` });
      return undefined;
    }
    if (!entries.has('metadata') && !entries.has('spec')) {
      notAManifest(node, { input, report }, 'a document without apiVersion and kind');
      return undefined;
    }
  }
  checkApiVersion(node, report);
  const kind = kindOf(node, report);
  return kind === undefined ? undefined : { kind, node, input };
}

function notAManifest(
  node: Node,
  where: { readonly input: Input; readonly report: Report },
  message: string,
): void {
  const { input, report } = where;
  if (input.explicit) {
    report.error('NotAManifest', placeOf(node), {
      message,
      hint: `a manifest begins with "apiVersion: ${apiVersion}" and "kind: Service"`,
    });
  } else {
    report.warn('NotAManifest', placeOf(node), {
      message: `${message}; passed over`,
      hint: 'keep other YAML out of the folder of the manifests, or ignore this',
    });
  }
}

function checkApiVersion(node: MapNode, report: Report): void {
  const hint = `write apiVersion: ${apiVersion}`;
  const version = node.entries.get('apiVersion')?.value;
  if (version === undefined) {
    report.error('UnsupportedApiVersion', placeOf(node), { message: 'missing apiVersion', hint });
  } else if (version.kind !== 'scalar' || version.value !== apiVersion) {
    const written = version.kind === 'scalar' ? quote(version.value) : 'a list or a map';
    const foreign =
      version.kind === 'scalar' && /^(?:v\d|apps\/|batch\/|.*\.k8s\.io\/)/.test(version.text);
    report.error('UnsupportedApiVersion', placeOf(version), {
      message: `expected apiVersion ${apiVersion}, found ${written}`,
      hint: foreign ? `this is a manifest for Kubernetes; for l9 ${hint}` : hint,
    });
  }
}

function kindOf(node: MapNode, report: Report): ManifestKind | undefined {
  const entry = node.entries.get('kind');
  if (entry === undefined) {
    report.error('MissingField', placeOf(node), {
      message: 'missing kind',
      hint: `write kind: ${either(kinds)}`,
    });
    return undefined;
  }
  const written = entry.value.kind === 'scalar' ? entry.value.text : '';
  const kind = kinds.find((one) => one === written);
  if (kind !== undefined) return kind;
  const near = suggest(written, kinds);
  report.error('UnknownKind', placeAt(node, ['kind']), {
    message: `unknown kind ${quote(written)}${near === undefined ? '' : `: did you mean ${quote(near)}?`}`,
    hint: near === undefined ? `kinds are ${either(kinds, 'and')}` : `write kind: ${near}`,
  });
  return undefined;
}
