/**
 * What LightGBM's objectives make of the sum of all trees.
 */
import type { FinishStep } from '../imported/finish.ts';

/** An objective: what it predicts, and its link. */
export interface Objective {
  readonly predicts: 'classes' | 'numbers';
  readonly finish: readonly FinishStep[];
}

const identities = [
  ...['regression', 'regression_l1', 'huber', 'fair', 'quantile', 'mape'],
  ...['lambdarank', 'rank_xendcg', 'custom'],
];

/** The objective of a line such as `binary sigmoid:1`; undefined for one that is not known. */
export function objectiveOf(line: string): Objective | undefined {
  const [name = '', ...settings] = line.split(' ');
  const logistic = logisticOf(settings);
  if (logistic === undefined) return undefined;
  switch (name) {
    case 'binary':
      return { predicts: 'classes', finish: [...logistic, { kind: 'complement' }] };
    case 'multiclass':
      return { predicts: 'classes', finish: [{ kind: 'softmax' }] };
    case 'multiclassova':
      return { predicts: 'classes', finish: logistic };
    case 'cross_entropy':
      return { predicts: 'numbers', finish: [{ kind: 'logistic' }] };
    case 'cross_entropy_lambda':
      return { predicts: 'numbers', finish: [{ kind: 'softplus' }] };
    case 'poisson':
    case 'gamma':
    case 'tweedie':
      return { predicts: 'numbers', finish: [{ kind: 'exp' }] };
    default:
      if (!identities.includes(name)) return undefined;
      return {
        predicts: 'numbers',
        finish: settings.includes('sqrt') ? [{ kind: 'signedSquare' }] : [],
      };
  }
}

/** The logistic function of x times the setting `sigmoid`; undefined where that is no number. */
function logisticOf(settings: readonly string[]): FinishStep[] | undefined {
  const sigmoid = settings.find((setting) => setting.startsWith('sigmoid:'));
  const factor = sigmoid === undefined ? 1 : Number(sigmoid.slice('sigmoid:'.length));
  if (!Number.isFinite(factor)) return undefined;
  const scaled: FinishStep[] = factor === 1 ? [] : [{ kind: 'affine', factor, offset: 0 }];
  return [...scaled, { kind: 'logistic' }];
}
