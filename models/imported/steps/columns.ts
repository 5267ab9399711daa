/**
 * Steps that move columns.
 */
import { columnsOf, sideBySide } from '../../../estimators/preprocessing/table.ts';
import { isIndices } from '../../../estimators/state.ts';
import type { OneInput, StepKinds } from './kind.ts';

/** Steps that move columns. */
export type ColumnStep =
  /** Some columns, in this order. */
  | ({ readonly kind: 'columns'; readonly columns: readonly number[] } & OneInput)
  /** All columns of several steps, side by side. */
  | { readonly kind: 'concatenate'; readonly inputs: readonly number[] };

/** Their kinds. */
export const columnSteps: StepKinds<ColumnStep> = {
  columns: {
    keys: ['input', 'columns'],
    width: ({ columns }, [width]) => (isIndices(columns, null, width!) ? columns.length : null),
    apply: ({ columns }, [table]) => columnsOf(table!, columns),
  },
  concatenate: {
    keys: ['inputs'],
    width: (_, given) => given.reduce((sum, width) => sum + width, 0),
    apply: (_, tables) => sideBySide(tables),
  },
};
