/**
 * The topology of a layers model as a list of calls: nested models are flattened, and a layer that is called twice stands in
 * it twice.
 */
import { error } from '../../lib/errors.ts';
import { badModel, isRecord, type JsonObject, listOf, recordOf } from './json.ts';
import { isModel, type ModelLayer, modelLayers } from './modelLayers.ts';
import { orderedNodes } from './order.ts';

/** A layer, called on values. */
export interface LayerCall {
  /** The names of the models around the layer, outermost first, and its own. */
  readonly path: readonly string[];
  /** The same as Keras 3 numbers them in its files: by class, and by the place among layers of that class. */
  readonly numbered: readonly string[];
  readonly className: string;
  readonly config: JsonObject;
  /** Places of the calls whose values it takes; 0 is the input of the model. */
  readonly inputs: readonly number[];
}

/** A model of one input and one output. */
export interface Topology {
  /** In an order in which they can run. The first one stands for the input; it takes nothing. */
  readonly calls: readonly LayerCall[];
  /** The place of the call whose value is the output. */
  readonly output: number;
  /** Of one row, in Keras' order: channels last. */
  readonly inputShape: readonly number[];
  /** Whether it is of Keras 3 or later: some functions changed. */
  readonly isKeras3: boolean;
}

/** Models inside models inside models, and calls in all: no model that is meant to run encrypted comes near. */
const MAX_DEPTH = 16;
const MAX_CALLS = 10_000;

/**
 * The calls of `modelTopology`, as Keras 2, Keras 3 and TensorFlow.js write it.
 *
 * @throws BAD_MODEL for anything else, with the layer; cycles are that as well. UNSUPPORTED for several inputs or outputs, and
 * for axes without a length.
 */
export function readTopology(modelTopology: unknown): Topology {
  const topology = recordOf(modelTopology, 'modelTopology');
  const model = recordOf(topology.model_config ?? topology, 'modelTopology.model_config');
  const { keras_version: version } = topology;
  const inputShape = inputShapeOf(model, 0);
  const input = { path: ['input'], numbered: [], className: 'InputLayer', config: {}, inputs: [] };
  const calls: LayerCall[] = [input];
  const output = expanded(model, { path: [], numbered: [], inputs: [0], calls });
  const isKeras3 = typeof version === 'string' && Number.parseInt(version, 10) >= 3;
  return { calls, output, inputShape, isKeras3 };
}

/** Where a model stands, and what it is called on. */
interface Around {
  readonly path: readonly string[];
  readonly numbered: readonly string[];
  readonly inputs: readonly number[];
  readonly calls: LayerCall[];
}

/** Appends the calls of a model, and returns the place of its output. */
function expanded(model: JsonObject, around: Around): number {
  const { path, inputs, calls } = around;
  const what = path.length === 0 ? 'the model' : path.join('/');
  if (path.length > MAX_DEPTH) {
    const allowed = `models inside models, ${MAX_DEPTH} deep`;
    throw error('OUT_OF_RANGE', { what, given: 'deeper nesting', allowed });
  }
  const parsed = modelLayers(model, what);
  if (inputs.length !== parsed.inputs.length) {
    const names = parsed.inputs.join(', ');
    if (path.length === 0) throw several(what, `the inputs ${names}`, 'one input');
    throw badModel(what, `${inputs.length} values`, `one for each of its inputs: ${names}`);
  }
  if (parsed.outputs.length !== 1) {
    const names = parsed.outputs.map(({ layer }) => layer).join(', ');
    throw several(what, `the outputs ${names}`, 'one output');
  }
  const numbers = numbersOf(parsed.layers);
  const places = new Map(parsed.inputs.map((name, i) => [`${name}/0`, inputs[i]!]));
  for (const { layer, node, key } of orderedNodes(parsed, places, what)) {
    const own = {
      path: [...path, layer.name],
      numbered: [...around.numbered, numbers.get(layer.name)!],
      inputs: layer.nodes[node]!.map((from) => places.get(`${from.layer}/${from.node}`)!),
    };
    places.set(key, called(layer, own, calls));
  }
  const [{ layer, node }] = parsed.outputs as [{ layer: string; node: number }];
  return places.get(`${layer}/${node}`)!;
}

function called(
  { json, className, config }: ModelLayer,
  own: Omit<Around, 'calls'>,
  calls: LayerCall[],
): number {
  if (isModel(json)) return expanded(json, { ...own, calls });
  if (calls.length >= MAX_CALLS) {
    const allowed = `${MAX_CALLS} calls of layers`;
    throw error('OUT_OF_RANGE', { what: own.path.join('/'), given: 'more calls', allowed });
  }
  calls.push({ ...own, className, config });
  return calls.length - 1;
}

/** `dense`, `dense_1`, `conv2d`: names that Keras 3 gives to layers in a file of weights. */
function numbersOf(layers: readonly ModelLayer[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  return new Map(
    layers.map(({ name, className }) => {
      const snake = className
        .replace(/\W+/g, '')
        .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .toLowerCase();
      const count = counts.get(snake) ?? 0;
      counts.set(snake, count + 1);
      return [name, count === 0 ? snake : `${snake}_${count}`];
    }),
  );
}

/** The shape of one row, without the batch. */
function inputShapeOf(model: JsonObject, depth: number): readonly number[] {
  const config = isRecord(model.config) ? model.config : {};
  const layers = listOf(config.layers ?? model.config, 'the layers of the model');
  const names = firstInput(config.input_layers);
  const found = layers.find((each) => names.includes(String(isRecord(each) ? each.name : '')));
  const first = recordOf(found ?? layers[0], 'the first layer of the model');
  const own = isRecord(first.config) ? first.config : {};
  const batched = own.batch_input_shape ?? own.batch_shape ?? config.build_input_shape;
  if (!Array.isArray(batched) && isModel(first) && depth < MAX_DEPTH) {
    return inputShapeOf(first, depth + 1);
  }
  const what = `${own.name ?? first.name ?? 'the first layer'}: the shape of the input`;
  if (!Array.isArray(batched)) throw badModel(what, 'none', 'batch_input_shape or batch_shape');
  const shape = batched.slice(1);
  if (shape.every((length) => Number.isSafeInteger(length) && length > 0)) return shape;
  const given = `[${shape.map((length) => length ?? 'any').join(', ')}]`;
  const remedy = 'build the model with Input(shape) of fixed lengths, and export it again';
  throw error('UNSUPPORTED', { what, given, allowed: 'lengths >= 1 for all axes', remedy });
}

/** `[["a", 0, 0]]` of Keras 2 or `["a", 0, 0]` of Keras 3. */
function firstInput(layers: unknown): readonly string[] {
  const list = Array.isArray(layers) ? layers : [];
  const [first] = Array.isArray(list[0]) ? list[0] : list;
  return typeof first === 'string' ? [first] : [];
}

function several(what: string, given: string, allowed: string): Error {
  const remedy = 'export a model of one input and one output: keras.Model(input, output)';
  return error('UNSUPPORTED', { what, given, allowed, remedy });
}
