/**
 * Imported networks, whose weights are floats, in integers for encryption.
 */

import type { Label } from '../estimators/input.ts';
import { quantizeNetwork } from '../estimators/neural/posttraining/quantizeNetwork.ts';
import type { QuantizationReport } from '../estimators/neural/posttraining/report.ts';
import type { TableLike } from '../estimators/preprocessing/table.ts';
import { error } from '../lib/errors.ts';
import { checkOptions } from '../lib/options.ts';
import { type ArrayLike, type Tensor, toTensor } from '../tracer/tensor.ts';
import { readPrepared } from './imported/parts.ts';
import { ImportedClassifier } from './importedClassifier.ts';
import { ImportedRegressor } from './importedRegressor.ts';

/** What `quantize` takes beside model and rows. */
export interface QuantizeOptions {
  /**
   * Largest loss on the rows: for classifiers the share of labels that change, for regressors 1 - R^2 with the float outputs
   * as the truth; with `y`, what accuracy or R^2 is less than that of the float model. In [0, 1]. Default: 0.005.
   */
  readonly maxLoss?: number | undefined;
  /** Labels or targets of the rows. Default: none. */
  readonly y?: ArrayLike | readonly Label[] | undefined;
}

/** A model in integers, and how it came to its bits. */
export interface QuantizedModel<M> {
  readonly model: M;
  readonly report: QuantizationReport;
}

/**
 * An imported network in integers: the same model, whose predictions, in clear, simulated and encrypted, use them; `evaluate`
 * still gives what the source library gives. Ranges, roundings and bits are fitted to rows X, some hundred of what the model
 * will meet; best not those that it learned from, on which it is surer of itself. A model that is one weighted sum loses next
 * to nothing.
 *
 * @throws UNSUPPORTED for a model of trees, which is exact; BAD_OPTION; QUANTIZATION_LOSS
 * where no choice of bits keeps the loss; SHAPE_MISMATCH, NOT_FINITE, BAD_LABELS for rows and labels
 */
export function quantize<M extends ImportedClassifier | ImportedRegressor>(
  model: M,
  X: TableLike,
  options: QuantizeOptions = {},
): QuantizedModel<M> {
  checkOptions('quantize', options, ['maxLoss', 'y']);
  const { core } = model.fitted;
  if (core.kind !== 'network') {
    const details = { given: 'a model of trees', allowed: 'a network' };
    const remedy = 'use it as it is: trees predict with integers that lose nothing';
    throw error('UNSUPPORTED', { what: 'quantize', ...details, remedy });
  }
  const rows = readPrepared(X, 'quantize: X', model.fitted);
  const task = model instanceof ImportedClassifier ? 'classification' : 'regression';
  const { maxLoss, y } = options;
  const { network, report } = quantizeNetwork(core.network, rows, {
    maxLoss,
    task,
    compared: model instanceof ImportedClassifier && model.fitted.output === 'label',
    y: y === undefined ? null : truthOf(model, y),
  });
  return { model: model.withCore({ ...core, integers: network }) as M, report };
}

/** Labels as indices of classes, or targets. */
function truthOf(
  model: ImportedClassifier | ImportedRegressor,
  y: ArrayLike | readonly Label[],
): Tensor {
  if (model instanceof ImportedRegressor) return toTensor(y as ArrayLike, 'quantize: y');
  const { classes } = model.fitted;
  const labels: readonly unknown[] = Array.from(
    Array.isArray(y) ? y : toTensor(y as ArrayLike, 'quantize: y').data,
  );
  const data = Float64Array.from(labels, (label) => {
    const index = (classes as readonly unknown[]).indexOf(label);
    if (index >= 0) return index;
    throw error('BAD_LABELS', { what: 'quantize: y', given: label, allowed: classes });
  });
  return { shape: [data.length], data };
}
