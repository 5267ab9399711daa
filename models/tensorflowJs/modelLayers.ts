/**
 * The layers of one model and what they are called on, in one form for sequential and functional models of Keras 2 and 3.
 */
import { badModel, isRecord, type JsonObject, listOf, recordOf, textOf } from './json.ts';

/** The value of a call: the layer's name, and which of its calls. */
export interface Reference {
  readonly layer: string;
  readonly node: number;
}

/** A layer of a model, with the values of each of its calls. */
export interface ModelLayer {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly json: JsonObject;
  readonly nodes: readonly (readonly Reference[])[];
}

/** A model: its layers, the names of its inputs, and its outputs. */
export interface ModelLayers {
  readonly layers: readonly ModelLayer[];
  readonly inputs: readonly string[];
  readonly outputs: readonly Reference[];
}

/** Tells models from layers. */
export function isModel({ class_name: name, config }: JsonObject): boolean {
  return (
    name === 'Sequential' ||
    name === 'Functional' ||
    name === 'Model' ||
    (isRecord(config) && Array.isArray(config.layers))
  );
}

/** @throws BAD_MODEL for what is no model, with the layer. */
export function modelLayers(model: JsonObject, what: string): ModelLayers {
  const config = isRecord(model.config) ? model.config : {};
  const layers = listOf(config.layers ?? model.config, `${what}: layers`).map((each, i) =>
    recordOf(each, `${what}: layers[${i}]`),
  );
  if (layers.length === 0) throw badModel(`${what}: layers`, 'none', 'one or more');
  const parsed =
    model.class_name === 'Sequential' ? sequential(layers, what) : functional(layers, config, what);
  const names = parsed.layers.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw badModel(what, `two layers ${twice}`, 'each name once');
  return parsed;
}

function sequential(list: readonly JsonObject[], what: string): ModelLayers {
  const own = list.map((json, i) => layerOf(json, `${what}: layers[${i}]`));
  const [first] = own as [ModelLayer, ...ModelLayer[]];
  const hasInput = first.className === 'InputLayer';
  const input = hasInput
    ? first
    : { ...first, name: 'input of the model', className: 'InputLayer' };
  const layers = hasInput ? own.slice(1) : own;
  let before: Reference = { layer: input.name, node: 0 };
  const chained = layers.map((layer) => {
    const nodes = [[before]];
    before = { layer: layer.name, node: 0 };
    return { ...layer, nodes };
  });
  return { layers: chained, inputs: [input.name], outputs: [before] };
}

function functional(list: readonly JsonObject[], config: JsonObject, what: string): ModelLayers {
  const layers = list.map((json, i) => {
    const layer = layerOf(json, `${what}: layers[${i}]`);
    const nodes = listOf(json.inbound_nodes ?? [], `${layer.name}: inbound_nodes`);
    return { ...layer, nodes: nodes.map((node) => nodeOf(node, layer.name)) };
  });
  const outputs = ends(config.output_layers, `${what}: output_layers`);
  const inputs = ends(config.input_layers, `${what}: input_layers`).map(({ layer }) => layer);
  return shifted({ layers, inputs, outputs });
}

/**
 * Keras 2 counts the call that made a nested model, which is not in the file: where references go one past the calls of a
 * nested model, they all count from 1.
 */
function shifted({ layers, inputs, outputs }: ModelLayers): ModelLayers {
  const all = [...layers.flatMap(({ nodes }) => nodes.flat()), ...outputs];
  const late = new Set(
    layers
      .filter(({ json, name, nodes }) => {
        const own = all.filter(({ layer }) => layer === name);
        return isModel(json) && own.some(({ node }) => node === nodes.length);
      })
      .map(({ name }) => name),
  );
  const moved = ({ layer, node }: Reference) => ({
    layer,
    node: late.has(layer) ? node - 1 : node,
  });
  return {
    layers: layers.map((each) => ({ ...each, nodes: each.nodes.map((node) => node.map(moved)) })),
    inputs,
    outputs: outputs.map(moved),
  };
}

function layerOf(json: JsonObject, what: string): ModelLayer {
  const className = textOf(json.class_name, `${what}: class_name`);
  const config = isRecord(json.config) ? json.config : {};
  const name = textOf(json.name ?? config.name ?? className, `${what}: name`);
  return { name, className, config, json, nodes: [] };
}

/** The values of one call: `[["a", 0, 0, {}]]` of Keras 2, `{ args, kwargs }` of Keras 3. */
function nodeOf(node: unknown, name: string): readonly Reference[] {
  const what = `${name}: inbound_nodes`;
  if (isRecord(node)) {
    checkKeywords(node.kwargs, what);
    const args = listOf(node.args, `${what}: args`).flat();
    return args.map((each) => {
      const config = isRecord(each) && each.class_name === '__keras_tensor__' ? each.config : null;
      if (isRecord(config)) return referenceOf(config.keras_history, what);
      throw badModel(what, each, 'values of layers alone, no constants');
    });
  }
  const list = listOf(node, what);
  // One call on one value may stand without the outer list.
  const references = typeof list[0] === 'string' ? [list] : list;
  return references.map((each) => {
    if (Array.isArray(each)) checkKeywords(each[3], what);
    return referenceOf(each, what);
  });
}

/** Arguments of a call beside its values; `training` and `mask` change nothing in a prediction. */
function checkKeywords(keywords: unknown, what: string): void {
  const given = Object.entries(isRecord(keywords) ? keywords : {}).find(
    ([key, value]) => value !== null && value !== false && key !== 'training' && key !== 'mask',
  );
  if (given !== undefined)
    throw badModel(what, `the argument ${given[0]}`, 'values of layers alone');
}

function referenceOf(value: unknown, what: string): Reference {
  const [layer, node, output] = Array.isArray(value) ? value : [];
  if (typeof layer === 'string' && Number.isSafeInteger(node) && output === 0) {
    return { layer, node };
  }
  throw badModel(what, value, '[name of a layer, number of its call, 0]');
}

/** A list of references, or a single one. */
function ends(value: unknown, what: string): readonly Reference[] {
  const list = listOf(value, what);
  return typeof list[0] === 'string'
    ? [referenceOf(list, what)]
    : list.map((each) => referenceOf(each, what));
}
