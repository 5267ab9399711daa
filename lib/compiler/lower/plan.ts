/** What lowering decides: how each output and each lookup is computed. */
import type { Cell, Form } from '../cells.ts';
import type { Values } from './value.ts';

/** A sum that lives as an LWE ciphertext: values (their component 0), lookup results, and a constant. */
export interface LweForm {
  readonly values: readonly (readonly [value: number, coefficient: number])[];
  /** By cell. */
  readonly lookups: readonly (readonly [cell: number, coefficient: number])[];
  readonly constant: number;
  /** What `values` sum up to, over cells that depend on inputs alone: what simulation evaluates. */
  readonly exact: Form;
}

/** How one or several output scalars are computed. Outputs are numbered flat over all outputs of the graph. */
export type OutputPlan =
  | { readonly kind: 'constant'; readonly output: number; readonly value: number }
  /** Component k of `value` is `parts[k]`. */
  | {
      readonly kind: 'value';
      readonly value: number;
      readonly parts: readonly Part[];
      /** What each component is, over cells that depend on inputs alone. */
      readonly forms: readonly Form[];
    }
  | { readonly kind: 'lwe'; readonly form: LweForm; readonly output: number; readonly part: Part };

/** One decrypted integer: its range and its weight in the output that it belongs to. */
export interface Part {
  readonly output: number;
  readonly min: number;
  readonly max: number;
  readonly weight: number;
}

/** One rotation: all tables of one index. */
export interface LookupPlan {
  /** Ranges over [0, 2^precision - 1] at most. */
  readonly index: LweForm;
  /** The input cell where the index is exactly one fresh input: it is then encrypted under the small key. */
  readonly freshInput: number | null;
  readonly precision: number;
  /** The table cells that this rotation serves; their count is at most 2^log2Tables. */
  readonly cells: readonly number[];
  readonly log2Tables: number;
  /** Lookups of layer i read results of layers below i only. */
  readonly layer: number;
}

export interface Plan {
  readonly cells: readonly Cell[];
  readonly values: Values;
  readonly outputs: readonly OutputPlan[];
  readonly lookups: readonly LookupPlan[];
  /** What each output adds to its parts. */
  readonly offsets: readonly number[];
}
