/**
 * Steps that compute with numbers. Where `single` is set, results are rounded to single precision, as in the source library:
 * what a tree compares has to be the very number that it was trained on.
 */
import { numbersOf, type Table, tableOf } from '../../../estimators/preprocessing/table.ts';
import { isMatrix, isNumber, isNumbers, isOneOf } from '../../../estimators/state.ts';
import { mapped, type OneInput, type StepKinds } from './kind.ts';

interface Precise extends OneInput {
  readonly single: boolean;
}

/** Steps that compute with numbers. */
export type ArithmeticStep =
  /** Each number rounded to single precision. */
  | ({ readonly kind: 'single' } & OneInput)
  /** The integer part of each number. */
  | ({ readonly kind: 'truncate' } & OneInput)
  /** 1 where x is not 0, else 0. */
  | ({ readonly kind: 'truth' } & OneInput)
  /** 1 where x > threshold, else 0. */
  | ({ readonly kind: 'above'; readonly threshold: number } & OneInput)
  /** x between two numbers. */
  | ({ readonly kind: 'clip'; readonly min: number; readonly max: number } & OneInput)
  /** x with the number of its column, or with the only one. */
  | ({
      readonly kind: 'add' | 'subtract' | 'multiply' | 'divide';
      readonly by: readonly number[];
    } & Precise)
  /** x . weights, with weights [inputs, outputs]. */
  | ({ readonly kind: 'matrix'; readonly weights: readonly (readonly number[])[] } & Precise)
  /** Each row divided by its greatest value, the sum of absolute values, or the root of that of squares, unless it is 0. */
  | ({ readonly kind: 'normalize'; readonly norm: 'max' | 'l1' | 'l2' } & Precise);

/** A step that computes each number with that of its column. */
function binary(operation: (x: number, by: number) => number): StepKinds<ArithmeticStep>['add'] {
  return {
    keys: ['input', 'by', 'single'],
    width: ({ by, single }, [width]) =>
      isByColumn(by, width!) && typeof single === 'boolean' ? width! : null,
    apply: ({ by, single }, [table], what) =>
      mapped(table!, what, (x, column) => {
        const result = operation(x, by.length === 1 ? by[0]! : by[column]!);
        return single ? Math.fround(result) : result;
      }),
  };
}

/** Their kinds. */
export const arithmeticSteps: StepKinds<ArithmeticStep> = {
  single: {
    keys: ['input'],
    width: (_, [width]) => width!,
    apply: (_, [table], what) => mapped(table!, what, Math.fround),
  },
  truncate: {
    keys: ['input'],
    width: (_, [width]) => width!,
    apply: (_, [table], what) => mapped(table!, what, (x) => Math.trunc(x) + 0),
  },
  truth: {
    keys: ['input'],
    width: (_, [width]) => width!,
    apply: (_, [table], what) => mapped(table!, what, (x) => Number(x !== 0)),
  },
  above: {
    keys: ['input', 'threshold'],
    width: ({ threshold }, [width]) => (isNumber(threshold) ? width! : null),
    apply: ({ threshold }, [table], what) => mapped(table!, what, (x) => Number(x > threshold)),
  },
  clip: {
    keys: ['input', 'min', 'max'],
    width: ({ min, max }, [width]) => (isNumber(min) && isNumber(max) ? width! : null),
    apply: ({ min, max }, [table], what) =>
      mapped(table!, what, (x) => Math.min(Math.max(x, min), max)),
  },
  add: binary((x, by) => x + by),
  subtract: binary((x, by) => x - by),
  multiply: binary((x, by) => x * by),
  divide: binary((x, by) => x / by),
  matrix: {
    keys: ['input', 'weights', 'single'],
    width: ({ weights, single }, [width]) => {
      const outputs = Array.isArray(weights) && Array.isArray(weights[0]) ? weights[0].length : 0;
      return isMatrix(weights, width!, outputs) && typeof single === 'boolean' ? outputs : null;
    },
    apply: ({ weights, single }, [table], what) => product(table!, what, weights, single),
  },
  normalize: {
    keys: ['input', 'norm', 'single'],
    width: ({ norm, single }, [width]) =>
      isOneOf('max', 'l1', 'l2')(norm) && typeof single === 'boolean' ? width! : null,
    apply: ({ norm, single }, [table], what) => normalized(table!, what, norm, single),
  },
};

/** Whether a value is a number for each of so many columns, or one for all. */
export function isByColumn(value: unknown, width: number): boolean {
  return isNumbers(value, width) || isNumbers(value, 1);
}

function product(
  table: Table,
  what: string,
  weights: readonly (readonly number[])[],
  single: boolean,
): Table {
  const { data } = numbersOf(table, what, true);
  const { rows, columns } = table;
  const outputs = weights[0]!.length;
  const result = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += data[row * columns + j]! * weights[j]![k]!;
      result[row * outputs + k] = single ? Math.fround(sum) : sum;
    }
  }
  return tableOf({ shape: [rows, outputs], data: result });
}

function normalized(table: Table, what: string, norm: 'max' | 'l1' | 'l2', single: boolean): Table {
  const { data } = numbersOf(table, what, true);
  const { rows, columns } = table;
  const result = data.slice();
  for (let row = 0; row < rows; row++) {
    const own = result.subarray(row * columns, (row + 1) * columns);
    const size = sizeOf(own, norm);
    if (size === 0) continue;
    for (let j = 0; j < columns; j++) {
      const value = own[j]! / size;
      own[j] = single ? Math.fround(value) : value;
    }
  }
  return tableOf({ shape: [rows, columns], data: result });
}

function sizeOf(values: Float64Array, norm: 'max' | 'l1' | 'l2'): number {
  if (norm === 'max') return values.reduce((most, x) => Math.max(most, x));
  if (norm === 'l1') return values.reduce((sum, x) => sum + Math.abs(x), 0);
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
}
