/** What lowering decides: how each output and each lookup is computed. */
import type { Cell, Form } from '../cells.ts';
import type { Summaries } from './summary.ts';
import type { Values } from './value.ts';

/** A sum that lives as an LWE ciphertext: values (their component 0), lookup results, and a constant. */
export interface LweForm {
  readonly values: readonly (readonly [value: number, coefficient: number])[];
  /** By cell: tables, bits, and what the run before carried. */
  readonly lookups: readonly (readonly [cell: number, coefficient: number])[];
  readonly constant: number;
  /**
   * What `values` but those of choices sum up to, over cells that depend on inputs and computed bits alone: what simulation
   * evaluates.
   */
  readonly exact: Form;
  /** What bits of the query choose of computed sums, or not: one of `values`, and all that it is the sum of. */
  readonly chosen: Chosen | null;
}

/** `sum of condition ? form : 0`, as one value of CMUX between zero and embedded LWE ciphertexts. */
export interface Chosen {
  readonly value: number;
  readonly choices: readonly Choice[];
}

export interface Choice {
  /** 0 or 1, over cells that depend on inputs alone. */
  readonly condition: Form;
  readonly form: LweForm;
}

/** A sum, and all sums that bits of the query choose in it, whatever depth they are at. */
export function sumsWithin(form: LweForm): LweForm[] {
  return [form, ...(form.chosen?.choices ?? []).flatMap((choice) => sumsWithin(choice.form))];
}

/** How one or several output scalars are computed. Outputs are numbered flat over all outputs of the graph. */
export type OutputPlan =
  | { readonly kind: 'constant'; readonly output: number; readonly value: number }
  /** Component k of `value` is `parts[k]`. */
  | {
      readonly kind: 'value';
      readonly value: number;
      readonly parts: readonly Part[];
      /** What each component is, over cells that depend on inputs and computed bits alone. */
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

interface Rotation {
  readonly index: LweForm;
  /** The index is a multiple of 2^log2Step, and is read in these units. */
  readonly log2Step: number;
  /** Rotations of layer i read results of layers below i only. */
  readonly layer: number;
}

/** One rotation that serves tables of one index. */
export interface TablePlan extends Rotation {
  readonly kind: 'tables';
  /** The input cell where the index is exactly one fresh input: it is then encrypted under the small key. */
  readonly freshInput: number | null;
  /** Bits of what is read: `entries` has at most 2^precision. */
  readonly precision: number;
  /** Entries of each table. */
  readonly indexSize: number;
  /** The entries of all tables; equal stretches of several tables may be one. */
  readonly entries: Float64Array;
  /** The table cells, and where their first entry is among `entries`. */
  readonly tables: readonly { readonly cell: number; readonly offset: number }[];
  /** Whether the index is not a multiple of the step: the lookup then reads the nearest step below, nearly. */
  readonly approximate: boolean;
}

/**
 * One rotation that extracts bit `log2Step` of an index whose lower bits are 0, with nothing above it known: no padding.
 * With `gate` the bit also becomes a GGSW bit, by circuit bootstrapping.
 */
export interface BitPlan extends Rotation {
  readonly kind: 'bit';
  readonly cell: number;
  readonly gate: boolean;
}

export type LookupPlan = TablePlan | BitPlan;

/** The cells that a rotation makes available to sums. */
export function cellsOf(lookup: LookupPlan): readonly number[] {
  return lookup.kind === 'bit' ? [lookup.cell] : lookup.tables.map(({ cell }) => cell);
}

/** Whether a rotation also makes a GGSW bit: a circuit bootstrap. */
export const isGate = (lookup: LookupPlan): lookup is BitPlan =>
  lookup.kind === 'bit' && lookup.gate;

/** Bits of precision of what a rotation reads: a bit without padding counts as 0. */
export function precisionOf(lookup: LookupPlan): number {
  return lookup.kind === 'bit' ? 0 : lookup.precision;
}

export interface CarriedPlan {
  readonly cell: number;
  readonly next: LweForm;
}

export interface Plan {
  readonly cells: readonly Cell[];
  readonly values: Values;
  /** The noise of `values`. */
  readonly summaries: Summaries;
  /** The sums that values embed. */
  readonly embedded: ReadonlyMap<number, LweForm>;
  readonly outputs: readonly OutputPlan[];
  readonly lookups: readonly LookupPlan[];
  /** Cells that the run before left, and the sums of lookups that they are in the next run. */
  readonly carried: readonly CarriedPlan[];
  /** What each output adds to its parts. */
  readonly offsets: readonly number[];
}
