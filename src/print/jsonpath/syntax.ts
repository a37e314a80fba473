/** The subset of Kubernetes' JSONPath templates that `-o jsonpath=` and `wait --for=jsonpath=` understand (docs/cli.md). */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'path'; readonly path: Path }
  | { readonly type: 'range'; readonly path: Path; readonly body: readonly Part[] };

export type Path = readonly Step[];

export type Step =
  /** `$`: back to the whole document, from inside a range. */
  | { readonly type: 'root' }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly type: 'all' }
  /** `..`: the value itself and everything below it. */
  | { readonly type: 'descend' }
  | {
      readonly type: 'filter';
      readonly left: Operand;
      readonly operator?: Comparison;
      readonly right?: Operand;
    };

export type Operand =
  | { readonly type: 'path'; readonly path: Path }
  | { readonly type: 'value'; readonly value: string | number | boolean | null };

export const comparisons = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Comparison = (typeof comparisons)[number];
