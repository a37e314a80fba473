import type { Node } from './node.ts';

/** Nesting once aliases are written out; without a limit a chain of aliases could exhaust the stack. */
const maxDepth = 100;

interface Measure {
  readonly values: number;
  readonly depth: number;
}

const single: Measure = { values: 1, depth: 1 };

/** Counts the values of a document as if its aliases and merges were written out. */
export class ValueBudget {
  private readonly limit: number;
  private readonly measures = new Map<Node, Measure>();
  private spent = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** A new document begins. */
  reset(): void {
    this.spent = 0;
  }

  /** Counts a scalar, or the node that is repeated at a depth; what to report when it is too much. */
  spend(
    node: Node | undefined,
    depth: number,
  ): { readonly message: string; readonly hint: string } | undefined {
    const measure = node === undefined ? single : this.measure(node);
    this.spent += measure.values;
    const hint = 'write the values out, or use fewer aliases of aliases';
    if (depth + measure.depth > maxDepth) {
      return { message: 'aliases of aliases are nested too deeply', hint };
    }
    if (this.spent <= this.limit) return undefined;
    const message = `aliases and merges make more than ${this.limit} values of this document`;
    return { message, hint };
  }

  private measure(node: Node): Measure {
    if (node.kind === 'scalar') return single;
    const known = this.measures.get(node);
    if (known !== undefined) return known;
    const children =
      node.kind === 'seq' ? node.items : [...node.entries.values()].map((entry) => entry.value);
    let values = 1;
    let depth = 0;
    for (const child of children) {
      const measure = this.measure(child);
      values += measure.values;
      depth = Math.max(depth, measure.depth);
    }
    const measure = { values, depth: depth + 1 };
    this.measures.set(node, measure);
    return measure;
  }
}
