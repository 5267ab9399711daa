/**
 * Terms of two features: which pairs are worth one, and a step of boosting for such a term.
 */
import type { CellSums } from './losses.ts';
import { leastHessian, type Shape, type ShapeSettings } from './shapes.ts';

/**
 * Writes to `update`, by cell and output, the Newton steps of four pieces: the cells are cut in two by one feature, and each
 * part by the other one, where it gains most. Missing values count as larger than all others. False where nothing is gained.
 */
export function quarters(
  shape: Shape,
  sums: CellSums,
  { minSamplesLeaf }: ShapeSettings,
  update: Float64Array,
): boolean {
  const plain = bestCuts(prefixOf(shape, sums, false), minSamplesLeaf);
  const turned = bestCuts(prefixOf(shape, sums, true), minSamplesLeaf);
  const best = turned.gain > plain.gain ? turned : plain;
  if (best.gain <= 0) return false;
  const { prefix, cut, below, above } = best;
  const { width, height, outputs } = prefix;
  // The distance of neighbouring cells along the first and the second axis of `prefix`.
  const [across, along] = best === turned ? [1, width] : [height, 1];
  const pieces = [
    [0, cut, 0, below],
    [0, cut, below, height],
    [cut, width, 0, above],
    [cut, width, above, height],
  ] as const;
  for (const [a, b, c, d] of pieces) {
    for (let k = 0; k < outputs; k++) {
      const hessian = rectangle(prefix, a, b, c, d, 2 * k + 1);
      const step = hessian > leastHessian ? rectangle(prefix, a, b, c, d, 2 * k) / hessian : 0;
      for (let i = a; i < b; i++) {
        for (let j = c; j < d; j++) update[(i * across + j * along) * outputs + k] = step;
      }
    }
  }
  return true;
}

/**
 * How much a pair may take from the loss by one cut of each feature: the largest sum of gradient^2 / hessian over four
 * quadrants (FAST; Lou, Caruana, Gehrke and Hooker, "Accurate intelligible models with pairwise interactions", 2013).
 */
export function strength(shape: Shape, sums: CellSums, minSamplesLeaf: number): number {
  const prefix = prefixOf(shape, sums, false);
  const { width, height } = prefix;
  const score = (a: number, b: number, c: number, d: number): number =>
    scoreOf(prefix, a, b, c, d, minSamplesLeaf);
  let best = 0;
  for (let i = 1; i < width; i++) {
    for (let j = 1; j < height; j++) {
      const left = score(0, i, 0, j) + score(0, i, j, height);
      best = Math.max(best, left + score(i, width, 0, j) + score(i, width, j, height));
    }
  }
  return best;
}

/** Sums over the cells below each corner: for each output gradients and hessians, and then the number of rows. */
interface Prefix {
  readonly width: number;
  readonly height: number;
  readonly outputs: number;
  readonly sums: Float64Array;
}

/** `turned`: the second feature of the term is the first axis. */
function prefixOf(shape: Shape, { gradients, hessians }: CellSums, turned: boolean): Prefix {
  const { outputs, counts } = shape;
  const [first, second] = shape.bins as [number, number];
  const [width, height] = turned ? [second, first] : [first, second];
  const stride = 2 * outputs + 1;
  const line = (height + 1) * stride;
  const sums = new Float64Array((width + 1) * line);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < height; j++) {
      const cell = turned ? j * second + i : i * second + j;
      const at = (i + 1) * line + (j + 1) * stride;
      const add = (s: number, own: number): void => {
        const here = at + s;
        sums[here] = own + sums[here - line]! + sums[here - stride]! - sums[here - line - stride]!;
      };
      for (let k = 0; k < outputs; k++) {
        add(2 * k, gradients[cell * outputs + k]!);
        add(2 * k + 1, hessians[cell * outputs + k]!);
      }
      add(2 * outputs, counts[cell]!);
    }
  }
  return { width, height, outputs, sums };
}

/** The best place to cut the first axis, and the second one below and above of that. */
interface Cuts {
  readonly prefix: Prefix;
  readonly gain: number;
  readonly cut: number;
  readonly below: number;
  readonly above: number;
}

function bestCuts(prefix: Prefix, leastRows: number): Cuts {
  const { width, height } = prefix;
  const whole = scoreOf(prefix, 0, width, 0, height, 0);
  const bestIn = (from: number, to: number): { at: number; score: number } => {
    const best = { at: 0, score: Number.NEGATIVE_INFINITY };
    if (rectangle(prefix, from, to, 0, height, 2 * prefix.outputs) < 2 * leastRows) return best;
    for (let at = 1; at < height; at++) {
      const lower = scoreOf(prefix, from, to, 0, at, leastRows);
      const score = lower + scoreOf(prefix, from, to, at, height, leastRows);
      if (score > best.score) Object.assign(best, { at, score });
    }
    return best;
  };
  const best = { prefix, gain: 0, cut: 0, below: 0, above: 0 };
  for (let cut = 1; cut < width; cut++) {
    const below = bestIn(0, cut);
    const above = bestIn(cut, width);
    const gain = below.score + above.score - whole;
    if (gain > best.gain) Object.assign(best, { gain, cut, below: below.at, above: above.at });
  }
  return best;
}

/** Sum `at` of the cells a..b-1 along the first axis and c..d-1 along the second one. */
function rectangle(
  { height, outputs, sums }: Prefix,
  a: number,
  b: number,
  c: number,
  d: number,
  at: number,
): number {
  const stride = 2 * outputs + 1;
  const line = (height + 1) * stride;
  const left = sums[a * line + d * stride + at]! - sums[a * line + c * stride + at]!;
  return sums[b * line + d * stride + at]! - sums[b * line + c * stride + at]! - left;
}

/** Sum over outputs of gradient^2 / hessian in a rectangle; -Infinity where it has too few rows. */
function scoreOf(
  prefix: Prefix,
  a: number,
  b: number,
  c: number,
  d: number,
  leastRows: number,
): number {
  const { outputs } = prefix;
  if (rectangle(prefix, a, b, c, d, 2 * outputs) < leastRows) return Number.NEGATIVE_INFINITY;
  let score = 0;
  for (let k = 0; k < outputs; k++) {
    const hessian = rectangle(prefix, a, b, c, d, 2 * k + 1);
    if (hessian > leastHessian) score += rectangle(prefix, a, b, c, d, 2 * k) ** 2 / hessian;
  }
  return score;
}
