/**
 * Which integers stand for a classifier's scores: as fine as can be where they are returned, as narrow as will do where they
 * are compared.
 */
import type { Tensor } from '../../tracer/tensor.ts';
import { tolerableChange, withMidpoints } from '../linear/compared.ts';
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
  const labelsOf = (rows: Tensor): Int32Array => winners(clearly(modelOf(finest), rows));
  return bestForm(name, X, labelsOf, narrower, modelOf);
}

/**
 * The first of some forms that changes no more labels of the training rows and of points between them than is tolerable, or
 * the one that changes the fewest; it warns QUANTIZATION_LOSS where too many training rows get another label. `labelsOf`: the
 * index of each row's class by the real scores; null where there is but one, and the first form will do.
 */
export function bestForm<F>(
  name: string,
  X: Tensor,
  labelsOf: ((rows: Tensor) => Int32Array) | null,
  forms: readonly (() => F)[],
  modelOf: (form: F) => IntegerModel,
): F {
  if (labelsOf === null) return forms[0]!();
  const judges = forms.length > 1 ? withMidpoints(X) : X;
  const labels = labelsOf(judges);
  let best: { readonly form: F; readonly changes: number; readonly changed: number } | undefined;
  for (const make of forms) {
    const form = make();
    const own = winners(clearly(modelOf(form), judges));
    const isOther = own.map((label, row) => Number(label !== labels[row]));
    const changes = shareOf(isOther);
    // The training rows come first.
    const changed = shareOf(isOther.subarray(0, X.shape[0]));
    if (best === undefined || changes < best.changes) best = { form, changes, changed };
    if (changes <= tolerableChange) break;
  }
  const { form, changed } = best!;
  if (changed > tolerableChange) {
    const given = `other labels for ${(100 * changed).toFixed(1)} % of the training rows`;
    warn('QUANTIZATION_LOSS', { what: name, given, allowed: '1 %' });
  }
  return form;
}

function shareOf(isOther: Int32Array): number {
  return isOther.reduce((sum, other) => sum + other, 0) / isOther.length;
}
