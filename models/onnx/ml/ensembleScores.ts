/**
 * The scores of an ensemble on rows.
 */
import type { OnnxNode } from '../model.ts';
import { addStep, rowsInput } from './context.ts';
import { type Ensemble, ensembleCore } from './ensemble.ts';
import {
  columnsOfRows,
  type MlContext,
  type MlValue,
  type RowsValue,
  type ScoresValue,
} from './values.ts';

/** Places an ensemble on the rows of input 0. @throws UNSUPPORTED_OPERATOR, BAD_MODEL */
export function treeScoresOf(
  node: OnnxNode,
  inputs: readonly (MlValue | undefined)[],
  context: MlContext,
  own: Pick<Ensemble, 'nodes' | 'roots' | 'start' | 'weight'>,
): ScoresValue {
  const rows = rowsInput(node, inputs, 0);
  const columns = columnsOfRows(rows);
  const derived = new Map<string, number>();
  const parts: number[] = [];
  const single = rows.type !== 'double';
  const among = (feature: number, values: readonly number[]): number => {
    const key = `${feature} ${values.join(' ')}`;
    const known = derived.get(key);
    if (known !== undefined) return known;
    const { step } = amongRows(context, node, rows, feature, values);
    parts.push(step);
    derived.set(key, columns + parts.length - 1);
    return columns + parts.length - 1;
  };
  const core = ensembleCore(node, { ...own, features: columns, single, among });
  const place = context.cores.push({ core, rows: widened(context, node, rows, parts) }) - 1;
  const outputs = own.start.map((_, output) => ({ core: place, output }));
  return { kind: 'scores', outputs, finish: [], probabilities: false };
}

/** The column that says whether a feature is one of the values. */
function amongRows(
  context: MlContext,
  node: OnnxNode,
  rows: RowsValue,
  feature: number,
  values: readonly number[],
): RowsValue {
  const columns = { kind: 'columns', input: rows.step, columns: [feature] } as const;
  const { step } = addStep(context, node, columns, rows.type);
  const rounded =
    rows.type === 'double'
      ? step
      : addStep(context, node, { kind: 'single', input: step }, 'float').step;
  return addStep(context, node, { kind: 'among', input: rounded, values }, 'float');
}

/** Rows with derived columns behind them. */
function widened(
  context: MlContext,
  node: OnnxNode,
  rows: RowsValue,
  parts: readonly number[],
): RowsValue {
  if (parts.length === 0) return rows;
  const step = { kind: 'concatenate', inputs: [rows.step, ...parts] } as const;
  return addStep(context, node, step, rows.type);
}
