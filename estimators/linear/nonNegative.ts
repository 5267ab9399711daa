/**
 * Least squares with coefficients of at least 0, by the active-set method of Lawson and Hanson, "Solving least squares
 * problems" (1974), chapter 23, on X'X (Bro and de Jong, "A fast non-negativity-constrained least squares algorithm", 1997).
 */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { type Centered, gramOf, leastSquares, unitColumns } from './leastSquares.ts';

/** Minimizes |y_k - X w_k| over w_k >= 0 for each output k; W is features x outputs. */
export function nonNegativeLeastSquares({ X, y }: Centered): {
  readonly W: Matrix;
  readonly iterations: number;
  readonly converged: boolean;
} {
  const { unit, norms } = unitColumns(X);
  const gram = gramOf(unit);
  const W = Matrix.zeros(X.columns, y.columns);
  let iterations = 0;
  let converged = true;
  for (let k = 0; k < y.columns; k++) {
    const own = solveOne({ X: unit, gram, y: y.getColumnVector(k) });
    W.setColumn(
      k,
      own.w.map((value, j) => value / norms[j]!),
    );
    iterations = Math.max(iterations, own.iterations);
    converged &&= own.converged;
  }
  return { W, iterations, converged };
}

/** One output. */
interface Single {
  readonly X: Matrix;
  readonly gram: Matrix;
  readonly y: Matrix;
}

function solveOne(problem: Single): {
  readonly w: number[];
  readonly iterations: number;
  readonly converged: boolean;
} {
  const { X, gram, y } = problem;
  const features = X.columns;
  const right = X.transpose().mmul(y).to1DArray();
  const free = new Set<number>();
  let w = new Array<number>(features).fill(0);
  // What rounding leaves of a slope that is 0.
  const least = 1e-12 * Math.max(...right.map(Math.abs));
  const most = 3 * features;
  for (let iteration = 1; iteration <= most; iteration++) {
    const product = gram.mmul(Matrix.columnVector(w));
    const slopes = right.map((value, j) =>
      free.has(j) ? Number.NEGATIVE_INFINITY : value - product.get(j, 0),
    );
    const steepest = Math.max(...slopes);
    if (!(steepest > least)) return { w, iterations: iteration, converged: true };
    free.add(slopes.indexOf(steepest));
    w = feasible(problem, right, free, w);
  }
  return { w, iterations: most, converged: false };
}

/** The least squares solution over the free features, moved towards from `w`; what meets 0 on the way stays there. */
function feasible(
  problem: Single,
  right: readonly number[],
  free: Set<number>,
  w: number[],
): number[] {
  while (free.size > 0) {
    const columns = [...free];
    const target = unconstrained(problem, right, columns);
    if (target.every((value) => value > 0)) {
      const next = new Array<number>(w.length).fill(0);
      columns.forEach((j, i) => {
        next[j] = target[i]!;
      });
      return next;
    }
    const steps = columns.map((j, i) => {
      if (target[i]! > 0) return 1;
      return w[j] === 0 ? 0 : w[j]! / (w[j]! - target[i]!);
    });
    const step = Math.min(...steps);
    const moved = w.slice();
    columns.forEach((j, i) => {
      moved[j] = w[j]! + step * (target[i]! - w[j]!);
      if (steps[i] === step && target[i]! <= 0) {
        moved[j] = 0;
        free.delete(j);
      }
    });
    w = moved;
  }
  return new Array<number>(w.length).fill(0);
}

/** The least squares solution over some features. */
function unconstrained(
  { X, gram, y }: Single,
  right: readonly number[],
  columns: number[],
): number[] {
  const factor = new CholeskyDecomposition(gram.selection(columns, columns));
  if (!factor.isPositiveDefinite()) {
    return leastSquares({ X: X.subMatrixColumn(columns), y }).to1DArray();
  }
  return factor.solve(Matrix.columnVector(columns.map((j) => right[j]!))).to1DArray();
}
