/**
 * Integers for imported networks, chosen on a sample of rows.
 */
import { type LabelsLike, readLabels, readTargets } from '../estimators/input.ts';
import { quantizeNetwork } from '../estimators/neural/posttraining/quantizeNetwork.ts';
import type { QuantizationReport } from '../estimators/neural/posttraining/report.ts';
import type { TableLike } from '../estimators/preprocessing/table.ts';
import { error } from '../lib/errors.ts';
import { checkOptions } from '../lib/options.ts';
import type { ArrayLike, Tensor } from '../tracer/tensor.ts';
import { readPrepared } from './imported/parts.ts';
import { ImportedClassifier } from './importedClassifier.ts';
import type { ImportedRegressor } from './importedRegressor.ts';

/** What `quantize` takes beside the model and its rows. */
export interface QuantizeOptions {
  /** The accuracy, or R^2, that may be lost on the rows; in [0, 1]. Default 0.005. */
  readonly maxLoss?: number | undefined;
  /**
   * The truth of the rows: labels, or numbers before the link of the last layer. Default: none; what the float network says
   * is then the truth.
   */
  readonly y?: LabelsLike | ArrayLike | undefined;
}

/**
 * Gives an imported network its integers, in place: grids between its layers and integer weights, with as few bits as keep
 * `maxLoss`. X are a few hundred rows like those that it will meet; a circuit that was compiled is forgotten. `evaluate` goes on
 * to answer in the floats of the source.
 *
 * Returns what was chosen: a row for each step from wide sums to narrow ones, the last one being what the model now has.
 *
 * @throws UNSUPPORTED for models of trees, which need none, and for products of two values; QUANTIZATION_LOSS where no choice
 * keeps the loss; SHAPE_MISMATCH, NOT_FINITE, BAD_ARRAY for rows; BAD_LABELS, BAD_OPTION
 */
export function quantize(
  model: ImportedClassifier | ImportedRegressor,
  X: TableLike,
  options: QuantizeOptions = {},
): QuantizationReport {
  checkOptions('quantize', options, ['maxLoss', 'y']);
  const { core } = model.fitted;
  if (core.kind !== 'network') {
    const remedy = 'call predict: answers to the tests of trees are exact';
    throw error('UNSUPPORTED', { what: 'quantize', given: 'a model of trees', remedy });
  }
  const rows = readPrepared(X, 'quantize: X', model.fitted);
  const { network, report } = quantizeNetwork(core.network, rows, {
    maxLoss: options.maxLoss,
    task: model instanceof ImportedClassifier ? 'classification' : 'regression',
    y: options.y === undefined ? null : truthOf(model, options.y, rows.shape[0]!),
  });
  model.setCore({ ...core, integers: network });
  return report;
}

/** Indices of classes, or targets. */
function truthOf(
  model: ImportedClassifier | ImportedRegressor,
  y: NonNullable<QuantizeOptions['y']>,
  rows: number,
): Tensor {
  const what = 'quantize: y';
  if (!(model instanceof ImportedClassifier)) {
    return readTargets(y as ArrayLike, what, rows, true).targets;
  }
  const { classes } = model.fitted;
  const indices = readLabels(y, what, rows).map((label) => classes.indexOf(label));
  const unknown = indices.indexOf(-1);
  if (unknown >= 0) {
    const given = readLabels(y, what)[unknown];
    throw error('BAD_LABELS', { what, given, allowed: classes.join(', ') });
  }
  return { shape: [rows], data: Float64Array.from(indices) };
}
