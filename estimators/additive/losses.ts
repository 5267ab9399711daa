/**
 * Losses that additive models are boosted on: the state of all rows, and sums of its derivatives by cell.
 *
 * Scores change by the same amount in all rows of a cell. So the states hold odds where scores are logarithms of odds: an
 * update is one exponential a cell, and no row takes more than a product and a quotient.
 */

/** Sums over the rows of each cell, by cell and output: minus the loss's first derivative, and its second one. */
export interface CellSums {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

/** Scores of all rows, in whatever form serves the loss. */
export interface LossState {
  /** Adds the derivatives of the rows to the sums of their cells. */
  collect(cells: Uint32Array, rows: Int32Array, sums: CellSums): void;
  /** Adds `update[cell * outputs + output]` to the scores of every row. */
  add(cells: Uint32Array, update: Float64Array): void;
  /** The weighted mean loss of some rows. */
  mean(rows: Int32Array): number;
}

/** A loss of given targets. */
export interface Loss {
  readonly outputs: number;
  /** The constant scores of least loss. */
  readonly start: Float64Array;
  /** All rows at the constant scores. */
  begin(): LossState;
}

/** Odds stay in this range: beyond it nothing is left to learn. */
const largest = 1e300;

/** Half the squared distance of the score from y. */
export function squaredLoss(y: Float64Array, weights: Float64Array): Loss {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const start = y.reduce((sum, value, row) => sum + value * weights[row]!, 0) / total;
  return {
    outputs: 1,
    start: Float64Array.of(start),
    begin: () => {
      const residuals = y.map((value) => value - start);
      return {
        collect: (cells, rows, { gradients, hessians }) => {
          for (let i = 0; i < rows.length; i++) {
            const row = rows[i]!;
            const cell = cells[row]!;
            const weight = weights[row]!;
            gradients[cell]! += weight * residuals[row]!;
            hessians[cell]! += weight;
          }
        },
        add: (cells, update) => {
          for (let row = 0; row < cells.length; row++) residuals[row]! -= update[cells[row]!]!;
        },
        mean: (rows) => weightedMean(rows, weights, (row) => residuals[row]! ** 2 / 2),
      };
    },
  };
}

/** -log p of the class, where p = 1 / (1 + exp(-score)) is the probability of class 1. */
export function logisticLoss(indices: Int32Array, weights: Float64Array): Loss {
  const [zeros, ones] = classWeights(indices, weights, 2) as [number, number];
  const start = Math.log(ones / zeros);
  return {
    outputs: 1,
    start: Float64Array.of(start),
    begin: () => {
      const odds = new Float64Array(indices.length).fill(ones / zeros);
      return {
        collect: (cells, rows, { gradients, hessians }) => {
          for (let i = 0; i < rows.length; i++) {
            const row = rows[i]!;
            const cell = cells[row]!;
            const weight = weights[row]!;
            const p = odds[row]! / (1 + odds[row]!);
            gradients[cell]! += weight * (indices[row]! - p);
            hessians[cell]! += weight * p * (1 - p);
          }
        },
        add: (cells, update) => {
          const factors = update.map(Math.exp);
          for (let row = 0; row < cells.length; row++) {
            const next = odds[row]! * factors[cells[row]!]!;
            odds[row] = Math.min(Math.max(next, 1 / largest), largest);
          }
        },
        mean: (rows) =>
          weightedMean(rows, weights, (row) =>
            Math.log1p(indices[row] === 1 ? 1 / odds[row]! : odds[row]!),
          ),
      };
    },
  };
}

/** -log p of the class, where probabilities are the softmax of the scores. */
export function softmaxLoss(indices: Int32Array, classes: number, weights: Float64Array): Loss {
  const totals = classWeights(indices, weights, classes);
  const mean = totals.reduce((sum, total) => sum + Math.log(total), 0) / classes;
  const start = Float64Array.from(totals, (total) => Math.log(total) - mean);
  return {
    outputs: classes,
    start,
    begin: () => {
      const odds = new Float64Array(indices.length * classes);
      for (let i = 0; i < odds.length; i++) odds[i] = Math.exp(start[i % classes]!);
      const sumOf = (row: number): number => {
        let sum = 0;
        for (let k = 0; k < classes; k++) sum += odds[row * classes + k]!;
        return sum;
      };
      return {
        collect: (cells, rows, { gradients, hessians }) => {
          for (let i = 0; i < rows.length; i++) {
            const row = rows[i]!;
            const weight = weights[row]!;
            const share = 1 / sumOf(row);
            const at = row * classes;
            const into = cells[row]! * classes;
            for (let k = 0; k < classes; k++) {
              const p = odds[at + k]! * share;
              gradients[into + k]! -= weight * p;
              hessians[into + k]! += weight * p * (1 - p);
            }
            gradients[into + indices[row]!]! += weight;
          }
        },
        add: (cells, update) => {
          const factors = update.map(Math.exp);
          for (let row = 0; row < cells.length; row++) {
            const at = row * classes;
            const from = cells[row]! * classes;
            // Divided by their sum, so that none of them grows without end.
            const share = 1 / sumOf(row);
            for (let k = 0; k < classes; k++) {
              const next = odds[at + k]! * share * factors[from + k]!;
              odds[at + k] = Math.max(next, 1 / largest);
            }
          }
        },
        mean: (rows) =>
          weightedMean(rows, weights, (row) =>
            Math.log(sumOf(row) / odds[row * classes + indices[row]!]!),
          ),
      };
    },
  };
}

/** The weight of the rows of each class; a class whose rows all weigh nothing has next to none. */
function classWeights(indices: Int32Array, weights: Float64Array, classes: number): number[] {
  const totals = new Array<number>(classes).fill(1e-12);
  indices.forEach((index, row) => {
    totals[index]! += weights[row]!;
  });
  return totals;
}

function weightedMean(
  rows: Int32Array,
  weights: Float64Array,
  lossOf: (row: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (const row of rows) {
    sum += weights[row]! * lossOf(row);
    total += weights[row]!;
  }
  return sum / total;
}
