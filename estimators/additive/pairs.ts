/**
 * Terms of two features: which pairs are worth one, and a step of boosting for such a term.
 */
import type { Random } from '../../lib/random.ts';
import type { CellSums } from './losses.ts';
import { leastHessian, type Shape, type Step } from './shapes.ts';

/**
 * The Newton steps of four pieces: the cells are cut in two by one feature, and each part by the other one, where it gains
 * most; with `random`, anywhere. Missing values count as larger than all others.
 */
export const quarters: Step = (shape, sums, { minSamplesLeaf }, random, update) => {
  const { cuts: best, isTurned } =
    random === null ? bestOfBoth(shape, sums, minSamplesLeaf) : anyCuts(shape, sums, random);
  if (best.gain <= 0) return false;
  const { prefix, cut, below, above } = best;
  const { width, height, outputs } = prefix;
  // The distance of neighbouring cells along the first and the second axis of `prefix`.
  const [across, along] = isTurned ? [1, width] : [height, 1];
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
};

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
      for (let s = 0; s < stride; s++) {
        const source = s % 2 === 0 ? gradients : hessians;
        const own = s < 2 * outputs ? source[cell * outputs + (s >> 1)]! : counts[cell]!;
        const here = at + s;
        sums[here] = own + sums[here - line]! + sums[here - stride]! - sums[here - line - stride]!;
      }
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
  const { width, height, outputs } = prefix;
  const whole = scoreOf(prefix, 0, width, 0, height, 0);
  const strip = new Float64Array((height + 1) * (2 * outputs + 1));
  const best = { prefix, gain: 0, cut: 0, below: 0, above: 0 };
  for (let cut = 1; cut < width; cut++) {
    const below = bestOfStrip(prefix, 0, cut, leastRows, strip);
    if (below.score === Number.NEGATIVE_INFINITY) continue;
    const above = bestOfStrip(prefix, cut, width, leastRows, strip);
    const gain = below.score + above.score - whole;
    if (gain > best.gain) Object.assign(best, { gain, cut, below: below.at, above: above.at });
  }
  return best;
}

/** The best cut of the cells from..to-1 along the first axis by the second one. */
function bestOfStrip(
  { height, outputs, sums }: Prefix,
  from: number,
  to: number,
  leastRows: number,
  strip: Float64Array,
): { readonly at: number; readonly score: number } {
  const stride = 2 * outputs + 1;
  const first = from * strip.length;
  const last = to * strip.length;
  for (let i = 0; i < strip.length; i++) strip[i] = sums[last + i]! - sums[first + i]!;
  const all = height * stride;
  const best = { at: 0, score: Number.NEGATIVE_INFINITY };
  for (let at = 1; at < height; at++) {
    const here = at * stride;
    if (strip[here + 2 * outputs]! < leastRows) continue;
    if (strip[all + 2 * outputs]! - strip[here + 2 * outputs]! < leastRows) break;
    let score = 0;
    for (let s = 0; s < 2 * outputs; s += 2) {
      const [gradient, hessian] = [strip[here + s]!, strip[here + s + 1]!];
      const [others, otherHessian] = [strip[all + s]! - gradient, strip[all + s + 1]! - hessian];
      if (hessian > leastHessian) score += (gradient * gradient) / hessian;
      if (otherHessian > leastHessian) score += (others * others) / otherHessian;
    }
    if (score > best.score) Object.assign(best, { at, score });
  }
  return best;
}

/** Cuts, and whether the second feature of the term is the first axis. */
interface Turned {
  readonly cuts: Cuts;
  readonly isTurned: boolean;
}

function bestOfBoth(shape: Shape, sums: CellSums, leastRows: number): Turned {
  const plain = bestCuts(prefixOf(shape, sums, false), leastRows);
  const turned = bestCuts(prefixOf(shape, sums, true), leastRows);
  const isTurned = turned.gain > plain.gain;
  return { cuts: isTurned ? turned : plain, isTurned };
}

function anyCuts(shape: Shape, sums: CellSums, random: Random): Turned {
  const isTurned = random() < 0.5;
  const prefix = prefixOf(shape, sums, isTurned);
  const any = (size: number): number => 1 + random.integer(size - 1);
  const { width, height } = prefix;
  const cuts = { prefix, gain: 1, cut: any(width), below: any(height), above: any(height) };
  return { cuts, isTurned };
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
