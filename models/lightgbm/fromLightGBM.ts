/**
 * Reading models that LightGBM saved as text.
 */
import { error } from '../../lib/errors.ts';
import type { ImportedTree } from '../imported/trees.ts';
import { ImportedClassifier } from '../importedClassifier.ts';
import { ImportedRegressor } from '../importedRegressor.ts';
import { checkNoClasses, checkReadOptions, labelsFor, type ReadOptions } from '../options.ts';
import { checkSupported, treesCore } from '../trees/assemble.ts';
import { DerivedColumns } from '../trees/derived.ts';
import { namesOf } from '../trees/features.ts';
import { objectiveOf } from './objectives.ts';
import { readBlocks, type TextBlock } from './text.ts';
import { lightgbmTree } from './trees.ts';

const what = 'fromLightGBM';
const mostFeatures = 1_000_000;
const mostOutputs = 10_000;

/**
 * The model that `booster.save_model('model.txt')` or `model_to_string()` of LightGBM 3 and later wrote: boosted trees and
 * random forests, all objectives of its own, missing values and categories included. Its labels are 0, 1, ... unless
 * `classes` says otherwise, since the file has none.
 *
 * @throws BAD_MODEL for a file that is damaged or of another kind; UNSUPPORTED_OPERATOR with all that is not supported:
 * linear trees, other objectives; BAD_OPTION
 */
export function fromLightGBM(
  text: string | Uint8Array,
  options: ReadOptions = {},
): ImportedClassifier | ImportedRegressor {
  checkReadOptions(what, options);
  const { header, trees } = readBlocks(decoded(text), what);
  const line = header.has('objective') ? header.text('objective') : 'custom';
  const objective = objectiveOf(line);
  const linear = trees.filter((tree) => tree.has('is_linear') && tree.text('is_linear') !== '0');
  checkSupported(what, [
    ...(objective === undefined ? [`objective ${line}`] : []),
    ...linear.map((tree) => `linear leaves (${tree.what})`),
  ]);

  const features = header.count('max_feature_idx', 0, mostFeatures) + 1;
  const outputs = header.count('num_tree_per_iteration', 1, mostOutputs);
  const derived = new DerivedColumns(features);
  const weight = header.has('average_output') ? outputs / Math.max(trees.length, 1) : 1;
  const own: ImportedTree[][] = Array.from({ length: outputs }, () => []);
  for (const [t, tree] of trees.entries()) {
    own[t % outputs]!.push(lightgbmTree(tree, features, weight, derived));
  }
  const read = {
    nFeaturesIn: features,
    ...namesOf(
      header.has('feature_names') ? header.text('feature_names').split(' ') : [],
      features,
    ),
    prepare: derived.steps(),
    core: treesCore(what, new Array<number>(outputs).fill(0), own),
    finish: objective!.finish,
  };
  if (objective!.predicts === 'numbers') {
    checkNoClasses(what, options);
    return ImportedRegressor.of({ ...read, targetShape: outputs === 1 ? [] : [outputs] });
  }
  const count = classCount(header, line, outputs);
  const classes = labelsFor(
    what,
    options,
    Array.from({ length: count }, (_, k) => k),
  );
  return ImportedClassifier.of({ ...read, classes, probabilities: true }, options.output);
}

/** How many classes a model of so many outputs has. @throws BAD_MODEL where its objective has others */
function classCount(header: TextBlock, line: string, outputs: number): number {
  const binary = line.startsWith('binary');
  const own = binary ? 1 : header.count('num_class', 2, mostOutputs);
  if (own === outputs) return Math.max(own, 2);
  const given = `${outputs} trees an iteration`;
  throw error('BAD_MODEL', { what: `${what}: objective ${line}`, given, allowed: `${own}` });
}

function decoded(text: string | Uint8Array): string {
  if (typeof text === 'string') return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch (cause) {
    throw error('BAD_MODEL', { what, given: 'bytes that are no text', allowed: 'text' }, cause);
  }
}
