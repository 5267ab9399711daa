/**
 * Which integers stand for a classifier's scores: as fine as can be where they are returned, as narrow as will do where they
 * are compared.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { tolerableChange } from '../linear/compared.ts';
import { warn } from '../linear/fitted.ts';
import { type IntegerModel, winners } from '../model.ts';
import { clearly } from '../predictor.ts';
import {
  finestTableScale,
  quantizeTables,
  type StepQuantizer,
  type Tables,
  tableScale,
} from '../quantize/steps.ts';
import type { IntegerSums } from '../quantize/sums.ts';
import { tablesModel } from './program.ts';

/** Widths of sums that are compared, the cheapest first: each bit is a lookup. */
export const comparedWidths: readonly number[] = [10, 12, 14, 16, 18];

/** Integers that stand for tables, and the inputs that they are for. */
export interface TablesForm {
  readonly quantizer: StepQuantizer;
  readonly integerSums: IntegerSums;
}

/** The integers of tables, by term, cell and output: scores are the sums of their entries and `intercept`. */
export function tablesForm(
  name: string,
  X: Tensor,
  inputs: Pick<StepQuantizer, 'terms' | 'missing'>,
  scores: { readonly tables: Tables; readonly intercept: readonly number[] },
  output: 'scores' | 'label',
): TablesForm {
  const { tables, intercept } = scores;
  const formAt = (scale: number): TablesForm => {
    const { steps, integerSums } = quantizeTables(tables, intercept, scale);
    return { quantizer: { kind: 'steps', ...inputs, steps }, integerSums };
  };
  const finest = formAt(finestTableScale(tables, intercept));
  if (output === 'scores') return finest;
  const modelOf = ({ quantizer, integerSums }: TablesForm): IntegerModel =>
    tablesModel(quantizer, integerSums);
  const narrower = comparedWidths.map(
    (width) => (): TablesForm => formAt(tableScale(tables, intercept, width)),
  );
  return bestForm(name, X, winners(clearly(modelOf(finest), X)), narrower, modelOf);
}

/**
 * The first of some forms that changes no more labels of the training rows than is tolerable, or the one that changes the
 * fewest; then it warns QUANTIZATION_LOSS. `labels`: the index of each row's class by the real scores; null where there is but
 * one, and the first form will do.
 */
export function bestForm<F>(
  name: string,
  X: Tensor,
  labels: Int32Array | null,
  forms: readonly (() => F)[],
  modelOf: (form: F) => IntegerModel,
): F {
  let best: { readonly form: F; readonly changed: number } | undefined;
  for (const make of forms) {
    const form = make();
    if (labels === null) return form;
    const own = winners(clearly(modelOf(form), X));
    const changed = own.reduce((sum, label, row) => sum + Number(label !== labels[row]), 0);
    const share = changed / labels.length;
    if (best === undefined || share < best.changed) best = { form, changed: share };
    if (share <= tolerableChange) break;
  }
  const { form, changed } = best!;
  if (changed > tolerableChange) {
    const given = `other labels for ${(100 * changed).toFixed(1)} % of the training rows`;
    warn('QUANTIZATION_LOSS', { what: name, given, allowed: '1 %' });
  }
  return form;
}
