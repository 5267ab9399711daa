/**
 * TreeEnsemble of version 5, which took the place of the classifier and the regressor.
 */
import { intAttribute, intsAttribute, tensorAttribute } from '../attributes.ts';
import { unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import type { EnsembleNode, SplitMode } from './ensemble.ts';
import { treeScoresOf } from './ensembleScores.ts';
import type { MlContext, MlOperator, MlValue } from './values.ts';

type Inputs = readonly (MlValue | undefined)[];

const names = ['falseleafs', 'falsenodeids', 'featureids', 'hitrates', 'missing_value_tracks_true'];

/** The operator. */
export const treeEnsembleOperators: Readonly<Record<string, MlOperator>> = {
  TreeEnsemble: {
    attributes: [
      ...['aggregate_function', 'leaf_targetids', 'leaf_weights', 'membership_values'],
      ...['n_targets', 'post_transform', 'tree_roots'],
      ...[...names, 'modes', 'splits', 'trueleafs', 'truenodeids'].map((name) => `nodes_${name}`),
    ],
    convert: treeEnsemble,
  },
};

const modes: readonly SplitMode[] = ['leq', 'lt', 'gte', 'gt', 'eq', 'neq', 'member'];
function treeEnsemble(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const aggregate = intAttribute(node, 'aggregate_function', 1);
  if (aggregate > 1) throw unsupported(node, 'TreeEnsemble with minima or maxima of trees');
  // The standard has 1 for the softmax and 2 for the logistic function, onnxruntime the other way around.
  if (intAttribute(node, 'post_transform', 0) !== 0) {
    throw unsupported(node, 'TreeEnsemble with post_transform (a Softmax or Sigmoid behind it is)');
  }
  const targets = intAttribute(node, 'n_targets', 1);
  if (!(targets >= 1 && targets <= 10_000)) {
    throw badModel(`node ${node.name}.n_targets`, targets, '1 to 10000');
  }
  const roots = intsAttribute(node, 'tree_roots') ?? [];
  const weight = aggregate === 0 ? 1 / Math.max(roots.length, 1) : 1;
  const start = new Array<number>(targets).fill(0);
  const own = { nodes: nodesOf(node), roots, start, weight };
  return [treeScoresOf(node, inputs, context, own)];
}

/** Splits with their numbers, and behind them a leaf of its own for each branch that ends in one. */
function nodesOf(node: OnnxNode): EnsembleNode[] {
  const features = intsAttribute(node, 'nodes_featureids') ?? [];
  const { length } = features;
  const list = (name: string): readonly number[] => {
    const values = intsAttribute(node, `nodes_${name}`) ?? [];
    if (values.length === length) return values;
    throw badModel(`node ${node.name}.nodes_${name}`, `${values.length} values`, `${length}`);
  };
  const whenTrue = [list('truenodeids'), list('trueleafs')] as const;
  const whenFalse = [list('falsenodeids'), list('falseleafs')] as const;
  const missing = intsAttribute(node, 'nodes_missing_value_tracks_true') ?? [];
  const values = numbersOf(node, 'nodes_splits', length);
  const kinds = numbersOf(node, 'nodes_modes', length);
  const outputs = intsAttribute(node, 'leaf_targetids') ?? [];
  const weights = numbersOf(node, 'leaf_weights', outputs.length);
  const sets = memberships(node);
  const leaves: EnsembleNode[] = [];
  const branch = ([ids, areLeaves]: typeof whenTrue, i: number): number => {
    const id = ids[i]!;
    if (areLeaves[i] === 0) return id;
    if (!(id >= 0 && id < outputs.length)) {
      throw badModel(`node ${node.name}`, `leaf ${id}`, `leaves below ${outputs.length}`);
    }
    const own = new Map([[outputs[id]!, weights[id]!]]);
    return length + leaves.push({ mode: 'leaf', weights: own }) - 1;
  };
  const splits = features.map((feature, i): EnsembleNode => {
    const mode = modes[kinds[i]!];
    if (mode === undefined) throw badModel(`node ${node.name}.nodes_modes`, kinds[i], '0 to 6');
    const set = mode === 'member' ? { values: sets.shift() ?? [] } : {};
    return {
      mode,
      feature,
      value: values[i]!,
      ...set,
      whenTrue: branch(whenTrue, i),
      whenFalse: branch(whenFalse, i),
      missingTrue: (missing[i] ?? 0) !== 0,
    };
  });
  return [...splits, ...leaves];
}

/** The sets of values of nodes of mode 'member', in their order; NaN ends each. */
function memberships(node: OnnxNode): number[][] {
  const data = tensorAttribute(node, 'membership_values')?.data ?? [];
  const sets: number[][] = [[]];
  for (const value of data) {
    if (Number.isNaN(value)) sets.push([]);
    else sets.at(-1)!.push(value);
  }
  return sets;
}

function numbersOf(node: OnnxNode, name: string, length: number): readonly number[] {
  const data = tensorAttribute(node, name)?.data ?? new Float64Array(0);
  if (data.length === length) return Array.from(data);
  throw badModel(`node ${node.name}.${name}`, `${data.length} values`, `${length}`);
}
