/**
 * Reading layers models of TensorFlow.js, and with them Keras models.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import type { FinishStep } from '../imported/finish.ts';
import { ImportedClassifier } from '../importedClassifier.ts';
import { ImportedRegressor } from '../importedRegressor.ts';
import { checkNoClasses, labelsFor, type ReadOptions } from '../options.ts';
import { type ModelJson, readJson } from '../trees/json.ts';
import { type ImportedNetwork, networkOf } from './network.ts';
import { readTopology } from './topology.ts';
import { readWeights, type WeightBytes } from './weights.ts';

const what = 'fromTensorFlowJs';
const wayToExport = 'give the model.json of a layers model';

/** What `fromTensorFlowJs` takes beside the files. */
export interface TensorFlowJsOptions extends ReadOptions {
  /**
   * Whether outputs are scores of classes or numbers. Default: 'classifier' where the model ends with softmax over two classes
   * or more or with the sigmoid of one output, or where `classes` or `output` are given; else 'regressor'.
   */
  readonly task?: 'classifier' | 'regressor' | undefined;
}

/**
 * The model of a `model.json` in the format 'layers-model', as `tensorflowjs_converter` makes it of Keras 2 and 3 models and
 * `model.save` of TensorFlow.js writes it: sequential and functional models, nested ones too, of one input and one output.
 *
 * Rows are flat, in the model's own order (height, width, channels), or nested arrays. The softmax, sigmoid or exponential at
 * the end is finished by the client; of a classifier that ends with none of them the largest output wins.
 *
 * It predicts once `quantize` has seen a sample of rows; `evaluate` needs none.
 *
 * @param modelJson text, bytes, or what JSON.parse made of them
 * @param weights the bytes of the file or of all files that `weightsManifest` names, in its order
 * @throws BAD_MODEL for a file that is damaged or of another kind, with the layer; UNSUPPORTED_OPERATOR with all layers, options
 * and activations that are not supported; UNSUPPORTED for several inputs or outputs, axes without a length, and types of
 * weights; SHAPE_MISMATCH for bytes, weights and values that do not fit, with the layer; NOT_FINITE for weights that are NaN or
 * infinite; OUT_OF_RANGE for models that no memory holds; BAD_OPTION
 */
export function fromTensorFlowJs(
  modelJson: ModelJson,
  weights: WeightBytes,
  options: TensorFlowJsOptions = {},
): ImportedClassifier | ImportedRegressor {
  checkTensorFlowJsOptions(options);
  const file = readJson(asText(modelJson), what, wayToExport);
  const format = file.get('format') ?? 'layers-model';
  if (format !== 'layers-model') {
    const remedy = 'convert it with tensorflowjs_converter --output_format=tfjs_layers_model';
    throw error('BAD_MODEL', { what, given: format, allowed: 'layers-model', remedy });
  }
  const topology = readTopology(file.get('modelTopology'));
  const { network, last, outputs } = networkOf(
    topology,
    readWeights(file.get('weightsManifest'), weights),
  );
  const [nFeaturesIn] = network.inputShape as [number];
  const core = { kind: 'network', network } as const;
  const read = { nFeaturesIn, prepare: [], core };
  const isBinary = last === 'sigmoid' && outputs === 1;
  const isSoftmax = last === 'softmax' && outputs > 1;
  const isChosen = options.classes !== undefined || options.output !== undefined;
  const natural = isChosen || isBinary || isSoftmax ? 'classifier' : 'regressor';
  if ((options.task ?? natural) === 'regressor') {
    checkNoClasses(what, options);
    const targetShape = outputs === 1 ? [] : [outputs];
    return ImportedRegressor.of({ ...read, finish: finishOf(last), targetShape });
  }
  const own = Array.from({ length: Math.max(outputs, 2) }, (_, k) => k);
  const classes = labelsFor(what, options, own);
  // Of one score, two shares; of several sigmoids none that add up to 1.
  const finish: readonly FinishStep[] = isBinary
    ? [...finishOf(last), { kind: 'complement' }]
    : finishOf(last);
  const probabilities = isBinary || isSoftmax;
  return ImportedClassifier.of({ ...read, classes, finish, probabilities }, options.output);
}

/** An object as its text, so that it holds what JSON has and nothing else: no holes, cycles or functions. */
function asText(modelJson: ModelJson): string | Uint8Array {
  if (typeof modelJson === 'string' || modelJson instanceof Uint8Array) return modelJson;
  try {
    return String(JSON.stringify(modelJson));
  } catch (cause) {
    const details = { given: String(cause), allowed: 'JSON', remedy: wayToExport };
    throw error('BAD_MODEL', { what, ...details }, cause);
  }
}

/** @throws BAD_OPTION */
function checkTensorFlowJsOptions(options: TensorFlowJsOptions): void {
  checkOptions(what, options, ['task', 'classes', 'output']);
  const { task: given } = options;
  if (given === undefined || given === 'classifier' || given === 'regressor') return;
  throw error('BAD_OPTION', { what: `${what}: task`, given, allowed: "'classifier', 'regressor'" });
}

/** What the client makes of scores, as the last layer does it. */
function finishOf(last: ImportedNetwork['last']): readonly FinishStep[] {
  switch (last) {
    case 'softmax':
      return [{ kind: 'softmax' }];
    case 'sigmoid':
      return [{ kind: 'logistic' }];
    case 'exponential':
      return [{ kind: 'exp' }];
    case null:
      return [];
  }
}
