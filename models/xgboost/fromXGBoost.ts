/**
 * Reading models that XGBoost saved as JSON.
 */
import { error } from '../../lib/errors.ts';
import type { ImportedTree } from '../imported/trees.ts';
import { ImportedClassifier } from '../importedClassifier.ts';
import { ImportedRegressor } from '../importedRegressor.ts';
import { checkNoClasses, checkReadOptions, labelsFor, type ReadOptions } from '../options.ts';
import { checkSupported, treesCore } from '../trees/assemble.ts';
import { DerivedColumns } from '../trees/derived.ts';
import { namesOf } from '../trees/features.ts';
import { type JsonObject, type ModelJson, readJson } from '../trees/json.ts';
import { objectives } from './objectives.ts';
import { xgboostTree } from './trees.ts';

const what = 'fromXGBoost';
/** Of features, and of whatever else is counted. */
const most = 1_000_000;
const mostOutputs = 10_000;

/**
 * The model that `save_model('model.json')` of XGBoost 1.0 and later wrote: boosters `gbtree` and `dart`, every objective
 * that has one score for each target or class, missing values and categories included. Of a model that early stopping ended
 * only the trees up to its best iteration count, as in XGBoost's own scikit-learn classes.
 *
 * @throws BAD_MODEL for a file that is damaged or of another kind; UNSUPPORTED_OPERATOR with all that is not supported:
 * `gblinear`, trees of vectors, other objectives; BAD_OPTION
 */
export function fromXGBoost(
  json: ModelJson,
  options: ReadOptions = {},
): ImportedClassifier | ImportedRegressor {
  checkReadOptions(what, options);
  const file = readJson(json, what, "save it with save_model('model.json')");
  const learner = file.object('learner');
  const parameters = learner.object('learner_model_param');
  const booster = boosterOf(learner.object('gradient_booster'));
  const name = learner.object('objective').text('name');
  const objective = objectives.get(name);
  const trees = booster.model?.objects('trees') ?? [];
  const features = parameters.count('num_feature', 1, most);
  const classCount = parameters.count('num_class', 0, mostOutputs);
  const targets = parameters.has('num_target') ? parameters.count('num_target', 0, mostOutputs) : 1;
  const outputs = Math.max(classCount, targets, 1);
  checkSupported(what, [
    ...(booster.model === null ? [`booster ${booster.name}`] : []),
    ...(objective === undefined ? [`objective ${name}`] : []),
    ...(objective?.predicts === 'classes' && targets > 1 ? [`${targets} labels a row`] : []),
    ...unsupportedTrees(trees),
  ]);

  const derived = new DerivedColumns(features);
  const own = treesOf(booster, learner, outputs, (tree, place, weight) =>
    xgboostTree(tree, place, features, weight, derived),
  );
  const start = baseScores(parameters, outputs).map((base) => objective!.scoreOf(base));
  const read = {
    nFeaturesIn: features,
    ...namesOf(learner.has('feature_names') ? learner.texts('feature_names') : [], features),
    prepare: derived.steps(),
    core: treesCore(what, start, own),
    finish: objective!.finish,
  };
  if (objective!.predicts === 'numbers') {
    checkNoClasses(what, options);
    return ImportedRegressor.of({ ...read, targetShape: outputs === 1 ? [] : [outputs] });
  }
  const classes = labelsFor(
    what,
    options,
    Array.from({ length: Math.max(outputs, 2) }, (_, k) => k),
  );
  const { probabilities } = objective!;
  return ImportedClassifier.of({ ...read, classes, probabilities }, options.output);
}

interface Booster {
  readonly name: string;
  /** null of a booster without trees. */
  readonly model: JsonObject | null;
  /** Of each tree; 1 each where there are none. */
  readonly weights: readonly number[] | null;
}

function boosterOf(booster: JsonObject): Booster {
  const name = booster.text('name');
  if (name === 'gbtree') return { name, model: booster.object('model'), weights: null };
  if (name !== 'dart') return { name, model: null, weights: null };
  const weights = booster.numbers('weight_drop');
  return { name, model: booster.object('gbtree').object('model'), weights };
}

function unsupportedTrees(trees: readonly JsonObject[]): string[] {
  return trees.flatMap((tree, t) => {
    const parameters = tree.object('tree_param');
    const vectors =
      parameters.has('size_leaf_vector') && parameters.count('size_leaf_vector', 0, most) > 1;
    return vectors ? [`tree ${t} with vectors as leaves (multi_strategy='multi_output_tree')`] : [];
  });
}

/** The trees that count, by output. @throws BAD_MODEL */
function treesOf(
  { model, weights }: Booster,
  learner: JsonObject,
  outputs: number,
  read: (tree: JsonObject, what: string, weight: number) => ImportedTree,
): ImportedTree[][] {
  const trees = model!.objects('trees');
  const outputOf = model!.integers('tree_info', 0, trees.length);
  if (weights !== null && weights.length !== trees.length) {
    const given = `${weights.length} weights`;
    throw error('BAD_MODEL', { what: `${what}: weight_drop`, given, allowed: `${trees.length}` });
  }
  const made: ImportedTree[][] = Array.from({ length: outputs }, () => []);
  for (const [t, tree] of trees.slice(0, bestEnd(model!, learner, outputs)).entries()) {
    const place = `${what}: tree ${t}`;
    const own = made[outputOf[t]!];
    if (own === undefined) {
      const given = `output ${outputOf[t]}`;
      throw error('BAD_MODEL', { what: place, given, allowed: `outputs below ${outputs}` });
    }
    own.push(read(tree, place, weights?.[t] ?? 1));
  }
  return made;
}

/** How many trees count: all, or those up to the best iteration of early stopping. */
function bestEnd(model: JsonObject, learner: JsonObject, outputs: number): number | undefined {
  const attributes = learner.has('attributes') ? learner.object('attributes') : undefined;
  if (attributes?.has('best_iteration') !== true) return undefined;
  const rounds = attributes.count('best_iteration', 0, Number.MAX_SAFE_INTEGER - 1) + 1;
  if (model.has('iteration_indptr')) return model.integers('iteration_indptr', 0)[rounds];
  const parallel = model.object('gbtree_model_param').count('num_parallel_tree', 0, most);
  return rounds * outputs * Math.max(1, parallel);
}

/** `base_score` of each output: one number for all, or since version 3 a list as text. @throws BAD_MODEL */
function baseScores(parameters: JsonObject, outputs: number): number[] {
  const text = parameters.get('base_score');
  if (typeof text !== 'string' || !text.trim().startsWith('[')) {
    return new Array<number>(outputs).fill(Math.fround(parameters.number('base_score')));
  }
  const list = readJson(`{"base_score":${text}}`, `${what}: learner_model_param`, 'save it again');
  const all =
    list.list('base_score').length === 1
      ? list.numbers('base_score')
      : list.numbers('base_score', outputs);
  return Array.from({ length: outputs }, (_, k) => Math.fround(all[k] ?? all[0]!));
}
