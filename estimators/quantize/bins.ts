/**
 * Features as bins, for training trees.
 */

/** Edges between at most 2^bits bins of one feature, as `edgesOfBins`. */
export function binEdges(values: Float64Array, bits: number): Float64Array {
  return edgesOfBins(values, 2 ** bits);
}

/**
 * Edges between the bins of one feature, ascending: midpoints between neighbouring training values. All of them where
 * there are at most `bins` values, else those nearest to equal shares of the rows. A value x is in bin
 * `number of edges < x`, so `x <= edge` puts it below the edge; the first and the last bin are open-ended.
 */
export function edgesOfBins(values: Float64Array, bins: number): Float64Array {
  const sorted = values.slice().sort();
  const starts: number[] = [];
  for (let i = 1; i < sorted.length; i++) if (sorted[i]! > sorted[i - 1]!) starts.push(i);
  const chosen =
    starts.length < bins ? starts : [...new Set(equalShares(starts, sorted.length, bins))];
  return Float64Array.from(chosen, (i) => midpoint(sorted[i - 1]!, sorted[i]!));
}

/**
 * Edges for thresholds drawn at random, at most 2^bits - 1. Of a feature with up to 2^(bits - 1) values those of
 * `binEdges`; of one with more, half of them at equal shares of the rows, which tell dense values apart, and half at equal
 * distances, which leave a choice in wide gaps.
 */
export function mixedEdges(values: Float64Array, bits: number): Float64Array {
  const half = 2 ** (bits - 1);
  if (new Set(values).size <= half) return binEdges(values, bits);
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const even = Array.from({ length: half }, (_, k) => {
    const share = (k + 0.5) / half;
    return low * (1 - share) + high * share;
  });
  return Float64Array.from(new Set([...binEdges(values, bits - 1), ...even])).sort();
}

/** A number with low <= midpoint < high, so that the two values stay apart. */
export function midpoint(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle < high ? middle : low;
}

/** The number of `edges` (ascending) below x: the bin of x. */
export function binOf(edges: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of the ascending places where a new value starts, those nearest to k * rows / bins for k = 1 .. bins - 1. */
function equalShares(starts: readonly number[], rows: number, bins: number): number[] {
  const chosen: number[] = [];
  let at = 0;
  for (let k = 1; k < bins; k++) {
    const target = (k * rows) / bins;
    while (
      at + 1 < starts.length &&
      Math.abs(starts[at + 1]! - target) <= Math.abs(starts[at]! - target)
    )
      at++;
    chosen.push(starts[at]!);
  }
  return chosen;
}
