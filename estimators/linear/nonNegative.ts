/**
 * Least squares with coefficients of at least 0, by the active-set method of Lawson and Hanson, "Solving least squares
 * problems" (1974), chapter 23.
 */
import { Matrix } from 'ml-matrix';
import { type Centered, leastSquares } from './leastSquares.ts';

/** Minimizes |y_k - X w_k| over w_k >= 0 for each output k; W is features x outputs. */
export function nonNegativeLeastSquares(problem: Centered): {
  readonly W: Matrix;
  readonly iterations: number;
  readonly converged: boolean;
} {
  const W = Matrix.zeros(problem.X.columns, problem.y.columns);
  let iterations = 0;
  let converged = true;
  for (let k = 0; k < problem.y.columns; k++) {
    const own = solveOne(problem, problem.y.getColumnVector(k));
    W.setColumn(k, own.w);
    iterations = Math.max(iterations, own.iterations);
    converged &&= own.converged;
  }
  return { W, iterations, converged };
}

function solveOne(
  problem: Centered,
  y: Matrix,
): { readonly w: number[]; readonly iterations: number; readonly converged: boolean } {
  const { X } = problem;
  const features = X.columns;
  const free = new Set<number>();
  let w = new Array<number>(features).fill(0);
  const slopes = (): number[] => {
    const residual = Matrix.sub(y, X.mmul(Matrix.columnVector(w)));
    return X.transpose().mmul(residual).to1DArray();
  };
  // What rounding leaves of a slope that is 0.
  const least = 1e-12 * Math.max(...slopes().map(Math.abs));
  const most = 3 * features;
  for (let iteration = 1; iteration <= most; iteration++) {
    const slope = slopes();
    const candidates = slope.map((value, j) => (free.has(j) ? Number.NEGATIVE_INFINITY : value));
    const steepest = Math.max(...candidates);
    if (!(steepest > least)) return { w, iterations: iteration, converged: true };
    free.add(candidates.indexOf(steepest));
    w = feasible(problem, y, free, w);
  }
  return { w, iterations: most, converged: false };
}

/** The least squares solution over the free features, moved towards from `w`; what meets 0 on the way stays there. */
function feasible(problem: Centered, y: Matrix, free: Set<number>, w: number[]): number[] {
  while (free.size > 0) {
    const columns = [...free];
    const X = problem.X.subMatrixColumn(columns);
    const target = leastSquares({ ...problem, X, y }).to1DArray();
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
