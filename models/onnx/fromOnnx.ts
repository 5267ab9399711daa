/**
 * Reading models in the ONNX format.
 */
import type { Label } from '../../estimators/input.ts';
import { networkShapes } from '../../estimators/neural/shapes.ts';
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import type { FinishStep } from '../imported/finish.ts';
import { ImportedClassifier } from '../importedClassifier.ts';
import { ImportedRegressor } from '../importedRegressor.ts';
import { pruned } from '../networks/layers.ts';
import { simplified } from '../networks/simplify.ts';
import { checkNoClasses, labelsFor, type ReadOptions } from '../options.ts';
import { chosenOutput } from './graph.ts';
import type { Dimensions } from './inputs.ts';
import { hasMlOperators, readMl } from './ml/readMl.ts';
import { readModel } from './model.ts';
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
 * QONNX's quantizers taken at their word; and models with `ai.onnx.ml` operators, which are linear ones or trees, behind
 * whatever prepares their features.
 *
 * Rows are flattened, in the order of the axes of the input behind the batch; several inputs lie one after the other. Softmax,
 * LogSoftmax, Sigmoid and ArgMax at the end are finished by the client; `evaluate` then gives probabilities of each class
 * where there are any.
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
  if (hasMlOperators(model)) return readMl(model, optionsOfMl(options));
  const output = chosenOutput(model.graph, options.graphOutput);
  const converted = convertNetwork(model, output, options.dimensions ?? {});
  return assembled(ended({ ...converted, network: simplified(converted.network) }), options);
}

/** Such models say themselves what they are. @throws BAD_OPTION for options of networks alone */
function optionsOfMl({ task, graphOutput, dimensions, ...options }: OnnxOptions): ReadOptions {
  if (task === undefined && graphOutput === undefined && dimensions === undefined) return options;
  const given = 'task, graphOutput or dimensions';
  const allowed = 'output and classes: the model has operators of ai.onnx.ml';
  throw error('BAD_OPTION', { what: `${what}: options`, given, allowed });
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

/** A network, and what its outputs are. */
interface EndedNetwork extends Pick<ConvertedNetwork, 'network' | 'inputs'> {
  readonly end: ConvertedNetwork['finish'] | 'sigmoid';
}

/** A sigmoid at the end goes to the client: signs of scores say the class, and no lookup is needed. */
function ended({ network, finish, inputs }: ConvertedNetwork): EndedNetwork {
  const last = network.layers.at(-1)!;
  const isSigmoid = last.kind === 'activation' && last.function === 'sigmoid';
  if (finish !== undefined || !isSigmoid || last.input < 0) return { network, inputs, end: finish };
  return {
    network: { ...network, layers: pruned(network.layers, last.input) },
    inputs,
    end: 'sigmoid',
  };
}

function assembled(
  { network, inputs, end }: EndedNetwork,
  options: OnnxOptions,
): ImportedClassifier | ImportedRegressor {
  const outputs = sizeOf(networkShapes(network).at(-1)!);
  const read = {
    nFeaturesIn: sizeOf(network.inputShape),
    ...namesOf(inputs),
    prepare: [],
    core: { kind: 'network', network } as const,
    finish: finishOf(end),
  };
  const isChosen = options.classes !== undefined || options.output !== undefined;
  const isNatural = end === 'sigmoid' ? outputs === 1 : end !== undefined;
  const task = options.task ?? (isChosen || isNatural ? 'classifier' : 'regressor');
  if (task === 'regressor') {
    checkNoClasses(what, options);
    if (end === 'argmax' || end === 'logSoftmax') {
      const details = { given: `a graph that ends in ${end}`, allowed: "task: 'classifier'" };
      throw error('BAD_OPTION', { what: `${what}: task`, ...details });
    }
    return ImportedRegressor.of({ ...read, targetShape: outputs === 1 ? [] : [outputs] });
  }
  const count = Math.max(outputs, 2);
  const classes = labelsFor(what, options, numbersBelow(count));
  // Of one score, two shares; of several sigmoids none that add up to 1.
  const finish = end === 'sigmoid' && outputs === 1 ? both(read.finish) : read.finish;
  const isSoftmax = (end === 'softmax' || end === 'logSoftmax') && outputs > 1;
  const probabilities = isSoftmax || finish !== read.finish;
  return ImportedClassifier.of({ ...read, finish, classes, probabilities }, options.output);
}

function both(finish: readonly FinishStep[]): readonly FinishStep[] {
  return [...finish, { kind: 'complement' }];
}

function finishOf(end: EndedNetwork['end']): readonly FinishStep[] {
  if (end === 'sigmoid') return [{ kind: 'logistic' }];
  return end === 'softmax' || end === 'logSoftmax' ? [{ kind: 'softmax' }] : [];
}

function numbersBelow(count: number): Label[] {
  return Array.from({ length: count }, (_, k) => k);
}

/** Inputs of one number each are features by name. */
function namesOf(inputs: EndedNetwork['inputs']): { readonly featureNamesIn?: readonly string[] } {
  if (inputs.length < 2 || inputs.some(({ shape }) => sizeOf(shape) !== 1)) return {};
  return { featureNamesIn: inputs.map(({ name }) => name) };
}
