/**
 * What every kind of step has: its entries, the width of its table, and the work itself.
 */
import { numbersOf, type Table, tableOf } from '../../../estimators/preprocessing/table.ts';

/** One kind of step. */
export interface StepKind<S> {
  /** The entries of a step, beside `kind`. */
  readonly keys: readonly (keyof S & string)[];
  /** The number of columns that it makes of those of its inputs; null where its entries are not what they should be. */
  width(step: S, given: readonly number[]): number | null;
  /** @throws BAD_ARRAY, NOT_FINITE, OUT_OF_RANGE */
  apply(step: S, inputs: readonly Table[], what: string): Table;
}

/** All kinds of a union of steps. */
export type StepKinds<S extends { readonly kind: string }> = {
  readonly [K in S['kind']]: StepKind<StepOf<S, K>>;
};

/** The member of a union that has a kind, which may have others too. */
type StepOf<S extends { readonly kind: string }, K> = S extends unknown
  ? K extends S['kind']
    ? S
    : never
  : never;

/** A step that reads one table. */
export interface OneInput {
  readonly input: number;
}

/** A function of each number, which may be missing. @throws BAD_ARRAY for a text */
export function mapped(
  table: Table,
  what: string,
  of: (x: number, column: number) => number,
): Table {
  const { shape, data } = numbersOf(table, what, true);
  const { columns } = table;
  return tableOf({ shape, data: data.map((x, i) => of(x, i % columns)) });
}
