/**
 * What stochastic gradient descent can minimize: losses of a score z and a target y, which is +1 or -1 for classifiers.
 */

/** A loss, and its derivative by z. */
export interface SgdLoss {
  value(z: number, y: number): number;
  slope(z: number, y: number): number;
}

/** Losses for classes. */
export type ClassificationLoss =
  | 'hinge'
  | 'logLoss'
  | 'modifiedHuber'
  | 'squaredHinge'
  | 'perceptron';

/** Losses for numbers; `epsilon` is where they change. */
export type RegressionLoss =
  | 'squaredError'
  | 'huber'
  | 'epsilonInsensitive'
  | 'squaredEpsilonInsensitive';

/** The names of `ClassificationLoss`. */
export const classificationLosses: readonly ClassificationLoss[] = [
  'hinge',
  'logLoss',
  'modifiedHuber',
  'squaredHinge',
  'perceptron',
];

/** The names of `RegressionLoss`. */
export const regressionLosses: readonly RegressionLoss[] = [
  'squaredError',
  'huber',
  'epsilonInsensitive',
  'squaredEpsilonInsensitive',
];

/** The loss of a name. */
export function sgdLoss(name: ClassificationLoss | RegressionLoss, epsilon: number): SgdLoss {
  switch (name) {
    case 'hinge':
      return hinge(1);
    case 'perceptron':
      return hinge(0);
    case 'squaredHinge':
      return {
        value: (z, y) => Math.max(0, 1 - z * y) ** 2,
        slope: (z, y) => -2 * y * Math.max(0, 1 - z * y),
      };
    case 'logLoss':
      return {
        value: (z, y) => Math.max(-z * y, 0) + Math.log1p(Math.exp(-Math.abs(z))),
        slope: (z, y) => -y / (1 + Math.exp(z * y)),
      };
    case 'modifiedHuber':
      return {
        value: (z, y) => (z * y < -1 ? -4 * z * y : Math.max(0, 1 - z * y) ** 2),
        slope: (z, y) => (z * y < -1 ? -4 * y : -2 * y * Math.max(0, 1 - z * y)),
      };
    case 'squaredError':
      return { value: (z, y) => (z - y) ** 2 / 2, slope: (z, y) => z - y };
    case 'huber':
      return {
        value: (z, y) => {
          const off = Math.abs(z - y);
          return off <= epsilon ? off ** 2 / 2 : epsilon * off - epsilon ** 2 / 2;
        },
        slope: (z, y) => Math.min(Math.max(z - y, -epsilon), epsilon),
      };
    case 'epsilonInsensitive':
      return {
        value: (z, y) => Math.max(0, Math.abs(z - y) - epsilon),
        slope: (z, y) => (Math.abs(z - y) > epsilon ? Math.sign(z - y) : 0),
      };
    case 'squaredEpsilonInsensitive':
      return {
        value: (z, y) => Math.max(0, Math.abs(z - y) - epsilon) ** 2,
        slope: (z, y) => 2 * Math.sign(z - y) * Math.max(0, Math.abs(z - y) - epsilon),
      };
    default:
      return name satisfies never;
  }
}

function hinge(threshold: number): SgdLoss {
  return {
    value: (z, y) => Math.max(0, threshold - z * y),
    slope: (z, y) => (z * y <= threshold ? -y : 0),
  };
}
