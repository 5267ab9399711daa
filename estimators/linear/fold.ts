/**
 * Linear models of features that an affine map made.
 */
import type { AffineMap } from '../featureMap.ts';
import type { LinearForm } from '../quantize/weights.ts';

/** The same values of the features before the map: coef' = coef matrix, intercept' = intercept + coef offset. */
export function beforeAffine(
  { coef, intercept }: LinearForm,
  { inputs, matrix, offset }: AffineMap,
): LinearForm {
  return {
    // Adding 0 makes -0 the 0 that JSON would make of it.
    coef: coef.map((own) =>
      Array.from({ length: inputs }, (_, i) =>
        own.reduce((sum, weight, j) => sum + weight * matrix[j]![i]!, 0),
      ).map((weight) => weight + 0),
    ),
    intercept: coef.map((own, k) =>
      own.reduce((sum, weight, j) => sum + weight * offset[j]!, intercept[k]! + 0),
    ),
  };
}
