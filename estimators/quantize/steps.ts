/**
 * Features as steps, for models that are sums of tables.
 *
 * A table of cells 0..C-1 is a sum of its steps: T[cell] = T[0] + sum over c < cell of (T[c + 1] - T[c]). So with inputs
 * [cell > c], which are 0 or 1, a sum of tables is one weighted sum of inputs: exact, without a single choice by encrypted
 * bits. That such inputs are long is no matter where each takes 8 bytes.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { binOf } from './bins.ts';
import { roundHalfEven } from './rounding.ts';
import type { IntegerWeights } from './weights.ts';

/** What one table reads: a column of X or several, and the edges between the bins of each. */
export interface BinnedTerm {
  readonly features: readonly number[];
  /** Of each of `features`, ascending. Its bin is the number of edges below a value. */
  readonly edges: readonly (readonly number[])[];
}

/**
 * The inputs of a sum of tables. A row's cell of a term is the number whose digits are its bins, the last feature's the
 * lowest. Never out of range: the first and the last bin of a feature are open-ended.
 *
 * Whoever quantizes holds this object, and so learns the edges (not the entries of the tables).
 */
export interface StepQuantizer {
  readonly kind: 'steps';
  /** Whether NaN has a bin of its own, behind the others of its feature. */
  readonly missing: boolean;
  readonly terms: readonly BinnedTerm[];
  /** Of each term, ascending, the cells c for which [cell > c] is an input: those behind which the table changes. */
  readonly steps: readonly (readonly number[])[];
}

/** Entries by term, cell and output. */
export type Tables = readonly (readonly (readonly number[])[])[];

/** Number of bins of each feature of a term. */
export function binCounts({ edges }: BinnedTerm, missing: boolean): number[] {
  return edges.map(({ length }) => length + 1 + Number(missing));
}

/** The cell of each row of X, rows x features. */
export function cellsOf(term: BinnedTerm, missing: boolean, X: Tensor): Uint32Array {
  const [rows, columns] = X.shape as [number, number];
  const cells = new Uint32Array(rows);
  const counts = binCounts(term, missing);
  term.features.forEach((feature, i) => {
    const edges = term.edges[i]!;
    for (let row = 0; row < rows; row++) {
      const value = X.data[row * columns + feature]!;
      const bin = Number.isNaN(value) ? edges.length + 1 : binOf(edges, value);
      cells[row] = cells[row]! * counts[i]! + bin;
    }
  });
  return cells;
}

/** Inputs of rows x features as rows x inputs, each 0 or 1. */
export function quantizeSteps({ terms, steps, missing }: StepQuantizer, X: Tensor): Tensor {
  const rows = X.shape[0]!;
  const inputs = steps.reduce((sum, { length }) => sum + length, 0);
  const data = new Float64Array(rows * inputs);
  let first = 0;
  terms.forEach((term, t) => {
    const own = steps[t]!;
    const cells = cellsOf(term, missing, X);
    for (let row = 0; row < rows; row++) {
      const beyond = binOf(own, cells[row]!);
      data.fill(1, row * inputs + first, row * inputs + first + beyond);
    }
    first += own.length;
  });
  return { shape: [rows, inputs], data };
}

/**
 * Tables as steps and their integer weights, of the finest common scale for which the weighted sums fit `precision` (as
 * `sumPrecision` says). The error of a score is at most (terms + 1) * scale / 2.
 */
export function quantizeTables(
  tables: Tables,
  intercept: readonly number[],
  precision: number,
): { readonly steps: readonly (readonly number[])[]; readonly sums: IntegerWeights } {
  const scale = commonScale(tables, intercept, precision);
  const integers = tables.map((table) =>
    table.map((entries) => entries.map((entry) => roundHalfEven(entry / scale) + 0)),
  );
  const weights: number[][] = [];
  const steps = integers.map((table) => {
    const own: number[] = [];
    for (let cell = 0; cell + 1 < table.length; cell++) {
      const step = table[cell + 1]!.map((entry, k) => entry - table[cell]![k]!);
      if (step.every((change) => change === 0)) continue;
      own.push(cell);
      weights.push(step);
    }
    return own;
  });
  const bias = intercept.map((value, k) =>
    integers.reduce((sum, table) => sum + table[0]![k]!, roundHalfEven(value / scale) + 0),
  );
  if (weights.length === 0) {
    // Programs have an input, even where it has no weight.
    steps[0] = [0];
    weights.push(bias.map(() => 0));
  }
  return { steps, sums: { weights, bias, scale } };
}

/** The finest scale for which range times 2-norm of the steps, in units of it, is at most 2^precision. */
function commonScale(tables: Tables, intercept: readonly number[], precision: number): number {
  const scales = intercept.map((_, k) => {
    let range = 0;
    let squares = 0;
    for (const table of tables) {
      for (let cell = 0; cell + 1 < table.length; cell++) {
        const change = Math.abs(table[cell + 1]![k]! - table[cell]![k]!);
        range += change;
        squares += change * change;
      }
    }
    return Math.sqrt((range * Math.sqrt(squares)) / 2 ** precision);
  });
  const finest = Math.max(...scales);
  if (finest > 0) return finest;
  return intercept.reduce((max, value) => Math.max(max, Math.abs(value)), 0) / 2 ** 16 || 1;
}
