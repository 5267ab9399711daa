/**
 * Reading models in the ONNX format.
 */
import type { Label } from '../../estimators/input.ts';
import type { Network } from '../../estimators/neural/network.ts';
import { networkShapes } from '../../estimators/neural/shapes.ts';
import { BlindfitError, error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import { type FinishStep, finishedWidth } from '../imported/finish.ts';
import { ImportedClassifier } from '../importedClassifier.ts';
import { ImportedRegressor } from '../importedRegressor.ts';
import { pruned } from '../networks/layers.ts';
import { simplified } from '../networks/simplify.ts';
import { checkNoClasses, labelsFor, type ReadOptions } from '../options.ts';
import { chosenOutput } from './graph.ts';
import type { Dimensions } from './inputs.ts';
import { labelledScores, mayBeNetwork } from './labelled.ts';
import { hasMlOperators, readMl } from './ml/readMl.ts';
import { type OnnxModel, readModel } from './model.ts';
import { type ConvertedNetwork, convertNetwork } from './network.ts';

const what = 'fromOnnx';

/** What `fromOnnx` takes beside the bytes. */
export interface OnnxOptions extends ReadOptions {
  /**
   * Whether outputs are scores of classes or numbers. Default: 'classifier' where the graph ends in Softmax, LogSoftmax,
   * ArgMax or a single Sigmoid, or where `classes` or `output` are given; else 'regressor'.
   */
  readonly task?: 'classifier' | 'regressor' | undefined;
  /** The output of the graph that is meant, where it has several. */
  readonly graphOutput?: string | undefined;
  /** Lengths of dynamic axes other than the batch, by their names, or as `input[axis]` where they have none. */
  readonly dimensions?: Dimensions | undefined;
}

/**
 * The model of an .onnx file, opsets 9 to 28: networks of `ai.onnx` operators, with QuantizeLinear / DequantizeLinear and
 * QONNX's quantizers taken at their word; and models of `ai.onnx.ml`, as pipelines of scikit-learn become.
 *
 * Rows of networks are flattened, in the order of the axes of the input behind the batch; several inputs lie one after the
 * other. Softmax, LogSoftmax, Sigmoid and ArgMax at the end are finished by the client; `evaluate` then gives probabilities
 * of each class where there are any.
 *
 * @throws BAD_MODEL for a file that is damaged; UNSUPPORTED_OPERATOR with all nodes that are not supported; UNSUPPORTED for
 * weights in other files, other types and dynamic axes; SHAPE_MISMATCH, NOT_FINITE; BAD_OPTION
 */
export function fromOnnx(
  bytes: Uint8Array,
  options: OnnxOptions = {},
): ImportedClassifier | ImportedRegressor {
  checkOnnxOptions(options);
  const model = readModel(bytes);
  const { task, dimensions, graphOutput, ...readOptions } = options;
  const ofNetworks = { task, dimensions, graphOutput };
  const [given] = Object.entries(ofNetworks).filter(([, value]) => value !== undefined);
  if (!hasMlOperators(model) || (given && mayBeNetwork(model))) return network(model, options);
  if (given !== undefined) {
    const details = { given: given[0], allowed: 'options of networks for networks' };
    throw error('BAD_OPTION', { what, ...details, remedy: 'leave it out: the graph says it' });
  }
  try {
    return readMl(model, readOptions);
  } catch (cause) {
    const isOther = cause instanceof BlindfitError && cause.code === 'UNSUPPORTED_OPERATOR';
    if (!isOther || !mayBeNetwork(model)) throw cause;
    return network(model, options);
  }
}

/** A network, with the labels of its graph where it has any. */
function network(model: OnnxModel, options: OnnxOptions): ImportedClassifier | ImportedRegressor {
  const { graph } = model;
  const labelled = options.graphOutput === undefined ? labelledScores(graph) : undefined;
  const output = labelled?.scores ?? chosenOutput(graph, options.graphOutput);
  const converted = convertNetwork(model, output, options.dimensions ?? {});
  const own = ended({ ...converted, network: simplified(converted.network) });
  return assembled(own, options, labelled?.classes);
}

function checkOnnxOptions(options: OnnxOptions): void {
  checkOptions(what, options, ['task', 'classes', 'output', 'graphOutput', 'dimensions']);
  const { task, dimensions = {} } = options;
  if (task !== undefined && task !== 'classifier' && task !== 'regressor') {
    const allowed = "'classifier' or 'regressor'";
    throw error('BAD_OPTION', { what: `${what}: task`, given: task, allowed });
  }
  for (const [name, extent] of Object.entries(dimensions)) {
    if (Number.isSafeInteger(extent) && extent >= 1) continue;
    const details = { given: extent, allowed: 'integers >= 1' };
    throw error('BAD_OPTION', { what: `${what}: dimensions.${name}`, ...details });
  }
}

/** A network, and what its outputs are; 'shares': 1 - p and p of a sigmoid. */
interface EndedNetwork extends Pick<ConvertedNetwork, 'network' | 'inputs'> {
  readonly end: ConvertedNetwork['finish'] | 'sigmoid' | 'shares';
}

/** A sigmoid at the end goes to the client: signs of scores say the class, and no lookup is needed. */
function ended({ network, finish, inputs }: ConvertedNetwork): EndedNetwork {
  const at = network.layers.length - 1;
  const shares = finish === undefined || finish === 'argmax' ? sharedSigmoid(network) : -1;
  const found = shares >= 0 ? shares : at;
  const layer = network.layers[found]!;
  const isSigmoid = layer.kind === 'activation' && layer.function === 'sigmoid' && layer.input >= 0;
  if (!isSigmoid || (shares < 0 && finish !== undefined)) return { network, inputs, end: finish };
  const layers = pruned(network.layers, layer.input);
  return { network: { ...network, layers }, inputs, end: shares >= 0 ? 'shares' : 'sigmoid' };
}

/** The position of a single sigmoid p, where the last layer joins 1 - p and p; else -1. */
function sharedSigmoid(network: Network): number {
  const { layers } = network;
  const last = layers.at(-1)!;
  if (last.kind !== 'move' || last.inputs.length !== 2 || last.from.join() !== '0,1') return -1;
  const [rest, own] = last.inputs as [number, number];
  const layer = layers[rest];
  const isRest =
    layer?.kind === 'scale' &&
    layer.input === own &&
    layer.factor.data.join() === '-1' &&
    layer.offset.data.join() === '1';
  return isRest && sizeOf(networkShapes(network)[own]!) === 1 ? own : -1;
}

function assembled(
  { network, inputs, end }: EndedNetwork,
  options: OnnxOptions,
  labels?: readonly Label[],
): ImportedClassifier | ImportedRegressor {
  const outputs = sizeOf(networkShapes(network).at(-1)!);
  const read = {
    nFeaturesIn: sizeOf(network.inputShape),
    ...namesOf(inputs),
    prepare: [],
    core: { kind: 'network', network } as const,
    finish: finishOf(end),
  };
  const { classes: named = labels, output } = options;
  const isChosen = named !== undefined || output !== undefined;
  const isNatural = end === 'sigmoid' ? outputs === 1 : end !== undefined;
  const task = options.task ?? (isChosen || isNatural ? 'classifier' : 'regressor');
  if (task === 'regressor') {
    checkNoClasses(what, options);
    if (end === 'argmax' || end === 'logSoftmax') {
      const details = { given: `a graph that ends in ${end}`, allowed: "task: 'classifier'" };
      throw error('BAD_OPTION', { what: `${what}: task`, ...details });
    }
    const width = finishedWidth(read.finish, outputs)!;
    return ImportedRegressor.of({ ...read, targetShape: width === 1 ? [] : [width] });
  }
  const counted = numbersBelow(Math.max(outputs, 2));
  const classes = labelsFor(what, { classes: named }, counted);
  // Of one score, two shares; of several sigmoids none that add up to 1.
  const isShared = end === 'sigmoid' && outputs === 1;
  const finish = isShared ? finishOf('shares') : read.finish;
  const isSoftmax = (end === 'softmax' || end === 'logSoftmax') && outputs > 1;
  const probabilities = isSoftmax || isShared || end === 'shares';
  return ImportedClassifier.of({ ...read, finish, classes, probabilities }, output);
}

function finishOf(end: EndedNetwork['end']): readonly FinishStep[] {
  switch (end) {
    case 'sigmoid':
      return [{ kind: 'logistic' }];
    case 'shares':
      return [{ kind: 'logistic' }, { kind: 'complement' }];
    case 'softmax':
    case 'logSoftmax':
      return [{ kind: 'softmax' }];
    default:
      return [];
  }
}

function numbersBelow(count: number): Label[] {
  return Array.from({ length: count }, (_, k) => k);
}

/** Inputs of one number each are features by name. */
function namesOf(inputs: EndedNetwork['inputs']): { readonly featureNamesIn?: readonly string[] } {
  if (inputs.length < 2 || inputs.some(({ shape }) => sizeOf(shape) !== 1)) return {};
  return { featureNamesIn: inputs.map(({ name }) => name) };
}
