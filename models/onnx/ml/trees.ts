/**
 * TreeEnsembleClassifier and TreeEnsembleRegressor.
 */
import type { FinishStep } from '../../imported/finish.ts';
import {
  floatsAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
  stringsAttribute,
  tensorAttribute,
} from '../attributes.ts';
import { unsupported } from '../context.ts';
import type { OnnxNode } from '../model.ts';
import { badModel } from '../protobuf.ts';
import { type Ensemble, type EnsembleNode, splitMode } from './ensemble.ts';
import { treeScoresOf } from './ensembleScores.ts';
import { classLabels, labelled, postTransform } from './linear.ts';
import type { MlContext, MlOperator, MlValue, ScoresValue } from './values.ts';

type Inputs = readonly (MlValue | undefined)[];

const nodeLists = ['falsenodeids', 'featureids', 'hitrates', 'hitrates_as_tensor'].concat(
  ['missing_value_tracks_true', 'modes', 'nodeids', 'treeids', 'truenodeids'],
  ['values', 'values_as_tensor'],
);

const leafLists = ['ids', 'nodeids', 'treeids', 'weights', 'weights_as_tensor'];

const common = [
  ...['base_values', 'base_values_as_tensor', 'post_transform'],
  ...nodeLists.map((name) => `nodes_${name}`),
];

/** Ensembles of versions 1 to 3. */
export const treeOperators: Readonly<Record<string, MlOperator>> = {
  TreeEnsembleClassifier: {
    attributes: [
      ...['classlabels_int64s', 'classlabels_strings'],
      ...[...common, ...leafLists.map((name) => `class_${name}`)],
    ],
    convert: classifier,
  },
  TreeEnsembleRegressor: {
    attributes: [
      ...['aggregate_function', 'n_targets'],
      ...[...common, ...leafLists.map((name) => `target_${name}`)],
    ],
    convert: regressor,
  },
};

/** Scores of each class, or of the second of two alone, as onnxruntime takes them. */
function classifier(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const classes = classLabels(node, 'classlabels_int64s');
  const { nodes, roots, weights } = nodesOf(node, 'class');
  const transform = postTransform(node);
  const base = baseValues(node);
  const ids = new Set(weights.map(([id]) => id));
  const positive = weights.every(([, weight]) => weight >= 0);
  if (classes.length === 2 && ids.size <= 1) {
    if ([...ids].some((id) => id !== 0) || base.length > 1) {
      throw unsupported(node, `${node.operator} with scores of class 1 alone, or two base values`);
    }
    const logistic = transform.filter(({ kind }) => kind === 'logistic');
    // Positive weights are probabilities: then the border is at one half, and else at 0.
    const shares = positive && logistic.length === 0;
    const border = shares ? 0.5 : 0;
    const start = [(base[0] ?? 0) - border];
    const scores = treeScoresOf(node, inputs, context, { nodes, roots, start, weight: 1 });
    const finish: FinishStep[] = shares
      ? [{ kind: 'affine', factor: 1, offset: border }, { kind: 'complement' }]
      : [{ kind: 'opposite' }, ...logistic];
    return labelled(scores, classes, finish, shares || logistic.length > 0);
  }
  if (base.length !== 0 && base.length !== classes.length) {
    throw badModel(`node ${node.name}`, `${base.length} base values`, `${classes.length}`);
  }
  if (classes.length === 2 && base.some((value) => value !== 0)) {
    throw unsupported(node, `${node.operator} of two classes with scores and base values for both`);
  }
  const start = classes.map((_, k) => base[k] ?? 0);
  const probabilities = transform.length > 0 || (positive && start.every((value) => value >= 0));
  if (classes.length === 2 && areOpposite(nodes)) {
    const own = { nodes: lastAlone(nodes), roots, start: [0], weight: 1 };
    const scores = treeScoresOf(node, inputs, context, own);
    return labelled(scores, classes, [{ kind: 'opposite' }, ...transform], probabilities);
  }
  const scores = treeScoresOf(node, inputs, context, { nodes, roots, start, weight: 1 });
  return labelled(scores, classes, transform, probabilities);
}

function regressor(node: OnnxNode, inputs: Inputs, context: MlContext): MlValue[] {
  const { nodes, roots } = nodesOf(node, 'target');
  const targets = intAttribute(node, 'n_targets', 1);
  const base = baseValues(node);
  if (!(targets >= 1 && targets <= 10_000) || (base.length !== 0 && base.length !== targets)) {
    throw badModel(
      `node ${node.name}`,
      `${targets} targets, ${base.length} base values`,
      'as many',
    );
  }
  const aggregate = stringAttribute(node, 'aggregate_function', 'SUM');
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE') {
    throw unsupported(node, `${node.operator} with aggregate_function ${aggregate}`);
  }
  const weight = aggregate === 'SUM' ? 1 : 1 / Math.max(roots.length, 1);
  const start = Array.from({ length: targets }, (_, k) => base[k] ?? 0);
  const scores: ScoresValue = treeScoresOf(node, inputs, context, { nodes, roots, start, weight });
  return [{ ...scores, finish: postTransform(node) }];
}

interface Nodes extends Pick<Ensemble, 'nodes' | 'roots'> {
  /** Of all leaves: the output and the weight. */
  readonly weights: readonly (readonly [output: number, weight: number])[];
}

/** The nodes of all trees. @throws BAD_MODEL, UNSUPPORTED_OPERATOR */
function nodesOf(node: OnnxNode, leaves: 'class' | 'target'): Nodes {
  const list = (name: string): readonly number[] => intsAttribute(node, `nodes_${name}`) ?? [];
  const [trees, ids, features] = [list('treeids'), list('nodeids'), list('featureids')];
  const [whenTrue, whenFalse] = [list('truenodeids'), list('falsenodeids')];
  const modes = stringsAttribute(node, 'nodes_modes') ?? [];
  const values = numbersOf(node, 'nodes_values');
  const missing = list('missing_value_tracks_true');
  for (const each of [ids, features, whenTrue, whenFalse, modes, values]) {
    if (each.length !== trees.length) {
      throw badModel(
        `node ${node.name}`,
        `lists of ${trees.length} and ${each.length} nodes`,
        'lists of one length',
      );
    }
  }
  const places = new Map(trees.map((tree, i) => [`${tree} ${ids[i]}`, i]));
  const weights = leafWeights(node, leaves);
  const children = new Set<number>();
  const childOf = (i: number, id: number): number => {
    const place = places.get(`${trees[i]} ${id}`);
    if (place === undefined)
      throw badModel(`node ${node.name}`, `a child ${id}`, 'nodes that are there');
    children.add(place);
    return place;
  };
  const nodes = trees.map((tree, i): EnsembleNode => {
    if (modes[i] === 'LEAF') {
      return { mode: 'leaf', weights: weights.get(`${tree} ${ids[i]}`) ?? new Map() };
    }
    return {
      mode: splitMode(node, modes[i]!),
      feature: features[i]!,
      value: values[i]!,
      whenTrue: childOf(i, whenTrue[i]!),
      whenFalse: childOf(i, whenFalse[i]!),
      missingTrue: (missing[i] ?? 0) !== 0,
    };
  });
  const roots = trees.flatMap((_, i) => (children.has(i) ? [] : [i]));
  if (roots.length !== new Set(trees).size) {
    throw badModel(`node ${node.name}`, `${roots.length} roots`, 'one for each tree');
  }
  return { nodes, roots, weights: [...weights.values()].flatMap((own) => [...own]) };
}

/** The weights of leaves by tree and node, and in these by output. @throws BAD_MODEL */
function leafWeights(
  node: OnnxNode,
  leaves: 'class' | 'target',
): ReadonlyMap<string, Map<number, number>> {
  const list = (name: string): readonly number[] => intsAttribute(node, `${leaves}_${name}`) ?? [];
  const [trees, ids, outputs] = [list('treeids'), list('nodeids'), list('ids')];
  const weights = numbersOf(node, `${leaves}_weights`);
  if ([ids, outputs, weights].some(({ length }) => length !== trees.length)) {
    throw badModel(`node ${node.name}`, `lists of ${leaves}_ of different lengths`, 'lists of one');
  }
  const made = new Map<string, Map<number, number>>();
  trees.forEach((tree, i) => {
    const key = `${tree} ${ids[i]}`;
    const own = made.get(key) ?? new Map<number, number>();
    own.set(outputs[i]!, (own.get(outputs[i]!) ?? 0) + weights[i]!);
    made.set(key, own);
  });
  return made;
}

function baseValues(node: OnnxNode): readonly number[] {
  return numbersOf(node, 'base_values');
}

/** Numbers as a list, or as a tensor of doubles. @throws BAD_MODEL for what is not finite */
function numbersOf(node: OnnxNode, name: string): readonly number[] {
  const tensor = tensorAttribute(node, `${name}_as_tensor`);
  const values =
    tensor === undefined ? (floatsAttribute(node, name) ?? []) : Array.from(tensor.data);
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return values;
  throw badModel(`node ${node.name}.${name}`, wrong, 'finite numbers');
}

/** Whether each leaf gives its two classes opposite weights. */
function areOpposite(nodes: readonly EnsembleNode[]): boolean {
  return nodes.every(
    (own) => own.mode !== 'leaf' || (own.weights.get(0) ?? 0) === -(own.weights.get(1) ?? 0),
  );
}

/** The same nodes with the weights of class 1 as those of the only output. */
function lastAlone(nodes: readonly EnsembleNode[]): EnsembleNode[] {
  return nodes.map((own) =>
    own.mode === 'leaf' ? { mode: 'leaf', weights: new Map([[0, own.weights.get(1) ?? 0]]) } : own,
  );
}
