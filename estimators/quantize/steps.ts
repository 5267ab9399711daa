/**
 * Features as steps, for models that are sums of tables.
 *
 * A table of cells 0..C-1 is a sum of its steps: T[cell] = T[0] + sum over c < cell of (T[c + 1] - T[c]). So with inputs
 * [cell > c], which are 0 or 1, a sum of tables is one weighted sum of inputs: exact, without a single choice by encrypted
 * bits. That such inputs are long is no matter where each takes 8 bytes.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import type { FeatureMap } from '../featureMap.ts';
import { binOf } from './bins.ts';
import { lastBelow } from './fold.ts';
import { roundHalfEven } from './rounding.ts';
import { finestScale, type InputRange, type IntegerSums } from './sums.ts';
import { checkExact, checkFinite } from './weights.ts';

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
 * Tables as steps and their integer weights, all entries in units of `scale`. The error of a score is at most
 * (terms + 1) * scale / 2.
 */
export function quantizeTables(
  tables: Tables,
  intercept: readonly number[],
  scale: number,
): { readonly steps: readonly (readonly number[])[]; readonly integerSums: IntegerSums } {
  const integers = tables.map((table) =>
    table.map((entries) => entries.map((entry) => roundHalfEven(entry / scale) + 0)),
  );
  const weights: number[][] = [];
  const steps = integers.map((table) => {
    const own: number[] = [];
    changesOf(table).forEach((change, cell) => {
      if (change.every((value) => value === 0)) return;
      own.push(cell);
      weights.push(change);
    });
    return own;
  });
  const bias = intercept.map((value, k) =>
    integers.reduce((sum, table) => sum + table[0]![k]!, roundHalfEven(value / scale) + 0),
  );
  checkFinite('the step of tables', [scale]);
  checkExact([...weights.flat(), ...bias]);
  if (weights.length === 0) {
    // Programs have an input, even where it has no weight.
    steps[0] = [0];
    weights.push(bias.map(() => 0));
  }
  return { steps, integerSums: { weights, bias, scale, radix: 1, outputs: bias.length } };
}

/**
 * The quantizer of the features before a monotone map, for the same tables: a value is on the same side of each edge, exactly.
 * Null where the map is another, refuses missing values that have bins, or never falls below an edge.
 */
export function stepsBefore(quantizer: StepQuantizer, map: FeatureMap): StepQuantizer | null {
  if (map.kind !== 'monotone' || (quantizer.missing && !map.takesMissing)) return null;
  const outputs = quantizer.terms.map(({ features }) => features.map((j) => map.outputs[j]!));
  const edges = quantizer.terms.map((term, t) =>
    term.edges.map((own, i) => own.map((edge) => lastBelow(outputs[t]![i]!.of, edge))),
  );
  if (edges.flat(2).includes(null)) return null;
  const terms = outputs.map((own, t) => ({
    features: own.map(({ input }) => input),
    edges: edges[t] as number[][],
  }));
  return { ...quantizer, terms };
}

/** The finest scale at which the sums of tables can be returned. */
export function finestTableScale(tables: Tables, intercept: readonly number[]): number {
  const coef = changesByOutput(tables, intercept.length);
  return usableScale(finestScale({ coef, intercept }, stepRange), tables, intercept);
}

/** The scale at which the sums of tables have a range of about 2^width. */
export function tableScale(tables: Tables, intercept: readonly number[], width: number): number {
  const ranges = changesByOutput(tables, intercept.length).map((own) =>
    own.reduce((sum, change) => sum + Math.abs(change), 0),
  );
  return usableScale(Math.max(...ranges) / 2 ** width, tables, intercept);
}

/** Range of inputs. */
export const stepRange: InputRange = { min: 0, max: 1 };

/** Entries of each cell less those of the cell before. */
function changesOf(table: readonly (readonly number[])[]): number[][] {
  return table
    .slice(1)
    .map((entries, cell) => entries.map((entry, k) => entry - table[cell]![k]! + 0));
}

function changesByOutput(tables: Tables, outputs: number): number[][] {
  const changes = tables.flatMap(changesOf);
  return Array.from({ length: outputs }, (_, k) => changes.map((change) => change[k]!));
}

/** A scale at which what is added to all rows is an exact integer; of models of nothing else a coarse one. */
function usableScale(scale: number, tables: Tables, intercept: readonly number[]): number {
  const constant = intercept.map((value, k) =>
    tables.reduce((sum, table) => sum + Math.abs(table[0]![k]!), Math.abs(value)),
  );
  const largest = Math.max(...constant);
  return scale > 0 ? Math.max(scale, largest / 2 ** 50) : largest / 2 ** 16 || 1;
}
