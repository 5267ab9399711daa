/**
 * Reading models that CatBoost saved as JSON.
 */
import type { Label } from '../../estimators/input.ts';
import { error } from '../../lib/errors.ts';
import { ImportedClassifier } from '../importedClassifier.ts';
import { ImportedRegressor } from '../importedRegressor.ts';
import { checkNoClasses, checkReadOptions, labelsFor, type ReadOptions } from '../options.ts';
import { checkSupported, treesCore } from '../trees/assemble.ts';
import { namesOf } from '../trees/features.ts';
import { JsonObject, type ModelJson, readJson } from '../trees/json.ts';
import { objectives } from './objectives.ts';
import {
  type FloatFeature,
  nestedSplits,
  nestedTree,
  symmetricTree,
  type TreeSettings,
  unsupportedSplit,
} from './trees.ts';

const what = 'fromCatBoost';
const mostFeatures = 1_000_000;
const mostOutputs = 10_000;

/**
 * The model that `save_model('model.json', format='json')` of CatBoost wrote. Symmetric trees stay so, and then run as tables
 * of their tests; trees of other policies are read as well. Labels are those of the file.
 *
 * @throws BAD_MODEL for a file that is damaged or of another kind; UNSUPPORTED_OPERATOR with all that is not supported:
 * splits by categories, texts or embeddings, other loss functions; BAD_OPTION
 */
export function fromCatBoost(
  json: ModelJson,
  options: ReadOptions = {},
): ImportedClassifier | ImportedRegressor {
  checkReadOptions(what, options);
  const file = readJson(json, what, "save it with save_model('model.json', format='json')");
  const info = file.object('model_info');
  const loss = lossOf(info);
  const objective = objectives.get(loss);
  const symmetric = file.has('oblivious_trees');
  const trees = file.objects(symmetric ? 'oblivious_trees' : 'trees');
  const splits = trees.flatMap((tree) => {
    if (!symmetric) return nestedSplits(tree);
    return tree.has('splits') ? tree.objects('splits') : [];
  });
  checkSupported(what, [
    ...(objective === undefined ? [`loss function ${loss}`] : []),
    ...(info.has('binclass_probability_threshold') ? ['a probability threshold of its own'] : []),
    ...new Set(splits.flatMap((split) => unsupportedSplit(split) ?? [])),
  ]);

  const [scale, start] = scaleAndBias(file);
  const features = featuresOf(file.object('features_info'));
  const settings: TreeSettings = { features: features.numeric, outputs: start.length, scale };
  const read = symmetric ? symmetricTree : nestedTree;
  const own = trees.map((tree, t) => read(tree, `${what}: tree ${t}`, settings));
  const parts = {
    nFeaturesIn: features.count,
    ...namesOf(features.names, features.count),
    prepare: [],
    core: treesCore(what, start, [own]),
    finish: objective!.finish,
  };
  const outputs = start.length;
  if (objective!.predicts === 'numbers') {
    checkNoClasses(what, options);
    return ImportedRegressor.of({ ...parts, targetShape: outputs === 1 ? [] : [outputs] });
  }
  const multiple = loss.startsWith('MultiClass');
  if (multiple !== outputs > 1) {
    const allowed = multiple ? 'one for each class' : 'one';
    throw error('BAD_MODEL', { what: `${what}: ${loss}`, given: `${outputs} outputs`, allowed });
  }
  const classes = labelsFor(what, options, classNames(info, Math.max(outputs, 2)));
  return ImportedClassifier.of({ ...parts, classes, probabilities: true }, options.output);
}

/** The name of the loss function; its parameters may be JSON within the JSON. */
function lossOf(info: JsonObject): string {
  const given = info.get('params');
  const parameters =
    typeof given === 'string'
      ? readJson(given, `${what}: params`, 'save it again')
      : info.object('params');
  return parameters.object('loss_function').text('type');
}

/** `scale_and_bias`: [scale, biases], or [scale, bias]. */
function scaleAndBias(file: JsonObject): readonly [scale: number, bias: readonly number[]] {
  const [scale, bias] = file.list('scale_and_bias', 2);
  const all = new JsonObject(
    { scale, bias: Array.isArray(bias) ? bias : [bias] },
    `${what}: scale_and_bias`,
  );
  const biases = all.numbers('bias');
  if (biases.length > 0 && biases.length <= mostOutputs) return [all.number('scale'), biases];
  const details = { given: `${biases.length} biases`, allowed: `1 to ${mostOutputs}` };
  throw error('BAD_MODEL', { what: `${what}: scale_and_bias`, ...details });
}

/** All columns, the numeric ones by their own numbers. */
function featuresOf(info: JsonObject): {
  readonly count: number;
  readonly names: readonly string[];
  readonly numeric: ReadonlyMap<number, FloatFeature>;
} {
  const numeric = new Map<number, FloatFeature>();
  const names: string[] = [];
  let count = 0;
  for (const kind of ['float', 'categorical', 'text', 'embedding']) {
    if (!info.has(`${kind}_features`)) continue;
    for (const feature of info.objects(`${kind}_features`)) {
      const column = feature.count('flat_feature_index', 0, mostFeatures - 1);
      names[column] = feature.has('feature_id') ? feature.text('feature_id') : '';
      count = Math.max(count, column + 1);
      if (kind !== 'float') continue;
      const missingLeft =
        !feature.has('nan_value_treatment') || feature.text('nan_value_treatment') !== 'AsTrue';
      const number = feature.count('feature_index', 0, mostFeatures - 1);
      numeric.set(number, { column, missingLeft });
    }
  }
  if (count === 0)
    throw error('BAD_MODEL', { what: `${what}: features_info`, given: 'no features' });
  return { count, names: Array.from(names, (name) => name ?? ''), numeric };
}

/** Labels of so many classes: those of the file where it has as many, else 0, 1, ... */
function classNames(info: JsonObject, count: number): readonly Label[] {
  const counted = Array.from({ length: count }, (_, k) => k);
  if (!info.has('class_params')) return counted;
  const parameters = info.object('class_params');
  if (!parameters.has('class_names')) return counted;
  const names = parameters.list('class_names', count);
  return names.every(Number.isFinite) ? (names as number[]) : names.map(String);
}
