/**
 * Distances from centres, up to what all centres share, as weighted sums of what the client makes of the features.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import type { Expansion } from '../additive/expansion.ts';
import { contrast, contrasts } from '../contrasts.ts';
import { type AffineQuantizer, affineQuantizer, quantizeAffine } from '../quantize/affine.ts';
import { roundHalfEven } from '../quantize/rounding.ts';
import type { RealSums } from '../quantize/sums.ts';

/** Points, centres x features. */
export type Centres = readonly (readonly number[])[];

/**
 * With m the middle of the grid: score_k = (x - m) . (c_k - m) - |c_k - m|^2 / 2 = (|x - m|^2 - |x - c_k|^2) / 2. The largest
 * is that of the nearest centre.
 */
export function euclidean(centres: Centres): Expansion {
  return {
    grid: affineQuantizer,
    range: (bits) => ({ min: -(2 ** bits), max: 2 ** bits - 1 }),
    inputs: quantizeAffine,
    sums: ({ center, scale }) => {
      const apart = centres.map((own) => own.map((value, j) => value - center[j]!));
      return {
        coef: apart.map((own) => own.map((value, j) => value * scale[j]!)),
        intercept: apart.map((own) => -own.reduce((sum, value) => sum + value * value, 0) / 2),
      };
    },
    // Half the square of a step of the grid: what a distance of 0 cannot be told from.
    resolution: ({ scale }) => scale.reduce((sum, step) => sum + step * step, 0) / 2,
  };
}

/**
 * score_k = -sum_j |x_j - c_kj|, up to what all centres share. Since |x - c| = 2 max(x - c, 0) - x + c, inputs are the codes
 * max(x - c, 0) for the places c of all centres, one after the other by feature. Whoever quantizes learns these places, not
 * which of them belong together.
 */
export function manhattan(centres: Centres): Expansion {
  return {
    grid: affineQuantizer,
    range: (bits) => ({ min: 0, max: 2 ** (bits + 1) - 1 }),
    inputs: (grid, X, outOfRange) => {
      const codes = quantizeAffine(grid, X, outOfRange);
      const places = placesOf(grid, centres);
      const [rows, features] = codes.shape as [number, number];
      const data = Array.from({ length: rows }, (_, row) =>
        places.flatMap((own, j) =>
          own.map((place) => Math.max(codes.data[row * features + j]! - place, 0)),
        ),
      );
      return { shape: [rows, data[0]!.length], data: Float64Array.from(data.flat()) };
    },
    sums: (grid) => {
      const places = placesOf(grid, centres);
      return {
        coef: centres.map((centre) =>
          places.flatMap((own, j) => {
            const place = placeOf(grid, centre, j);
            return own.map((other) => (other === place ? -2 * grid.scale[j]! : 0));
          }),
        ),
        intercept: centres.map((centre) =>
          centre.reduce((sum, _, j) => sum - grid.scale[j]! * placeOf(grid, centre, j), 0),
        ),
      };
    },
    resolution: () => Number.POSITIVE_INFINITY,
  };
}

/** The same scores without what all centres share: of two centres, one score. */
export function compared(expansion: Expansion): Expansion {
  return {
    ...expansion,
    sums: (grid): RealSums => {
      const { coef, intercept } = expansion.sums(grid);
      return { coef: contrasts(coef), intercept: contrast(intercept) };
    },
    resolution: () => Number.POSITIVE_INFINITY,
  };
}

/** Squared Euclidean distances, rows x centres. */
export function squaredDistances({ shape, data }: Tensor, centres: Centres): Tensor {
  const [rows, features] = shape as [number, number];
  const distances = new Float64Array(rows * centres.length);
  for (let row = 0; row < rows; row++) {
    centres.forEach((centre, k) => {
      let sum = 0;
      for (let j = 0; j < features; j++) sum += (data[row * features + j]! - centre[j]!) ** 2;
      distances[row * centres.length + k] = sum;
    });
  }
  return { shape: [rows, centres.length], data: distances };
}

/** Of each feature, the codes of all centres, each once, ascending. */
function placesOf(grid: AffineQuantizer, centres: Centres): number[][] {
  return grid.center.map((_, j) =>
    [...new Set(centres.map((centre) => placeOf(grid, centre, j)))].sort((a, b) => a - b),
  );
}

/** The code of a centre in one feature. */
function placeOf({ center, scale }: AffineQuantizer, centre: readonly number[], j: number): number {
  return roundHalfEven((centre[j]! - center[j]!) / scale[j]!) + 0;
}
