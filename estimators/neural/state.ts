/**
 * Networks from JSON that others may have changed: whether a value is one, before anything is computed with it.
 */
import { hasKeys, isList, isNumber, isNumbers } from '../state.ts';
import type { Layer, Network } from './network.ts';
import { networkShapes } from './shapes.ts';

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === 'string';
const isFlag: Test = (value) => typeof value === 'boolean';
const isPlaces: Test = (value) => isNumbers(value, null);
const isPair: Test = (value) => isNumbers(value, 2);
const isPadding: Test = (value) => isList(value, null, isPair);
const isConstant: Test = (value) =>
  hasKeys(value, ['shape', 'data']) && isPlaces(value.shape) && isPlaces(value.data);
const isWeights: Test = (value) =>
  isConstant(value) ||
  (hasKeys(value, ['shape', 'data', 'steps']) &&
    isPlaces(value.shape) &&
    isPlaces(value.data) &&
    isPlaces(value.steps));

const unary = { kind: isText, name: isText, input: isNumber };
const several = { kind: isText, name: isText, inputs: isPlaces };
const windows = { strides: isPlaces, dilations: isPlaces, padding: isPadding };
const pool = { ...unary, ...windows, kernel: isPlaces, countsPadding: isFlag };
const reduce = { ...unary, axes: isPlaces, keepsAxes: isFlag };
const pair = { ...several, inputs: isPair };

/** For each kind of layer, a test of each entry. */
const tests: { readonly [Kind in Layer['kind']]: Readonly<Record<string, Test>> } = {
  dense: { ...unary, weights: isWeights, bias: isPlaces },
  convolution: { ...unary, ...windows, weights: isWeights, bias: isPlaces, groups: isNumber },
  maxPool: pool,
  averagePool: pool,
  scale: { ...unary, factor: isConstant, offset: isConstant },
  activation: { ...unary, function: isText, parameters: isPlaces },
  table: { ...unary, min: isNumber, values: isPlaces },
  grid: { ...unary, step: isPlaces, zero: isNumber, min: isNumber, max: isNumber },
  add: pair,
  subtract: pair,
  multiply: pair,
  maximum: pair,
  minimum: pair,
  move: { ...several, shape: isPlaces, from: isPlaces, fill: isNumber },
  sum: reduce,
  mean: reduce,
  max: reduce,
};

/** Whether a value is a network that can be computed: of learned state from JSON, a test of an entry. */
export function isNetwork(value: unknown): value is Network {
  if (!hasKeys(value, ['inputShape', 'layers'])) return false;
  if (!isPlaces(value.inputShape) || !isList(value.layers, null, isLayer)) return false;
  networkShapes(value as unknown as Network);
  return true;
}

function isLayer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(tests, kind)) return false;
  const own = tests[kind as Layer['kind']];
  const layer = value as Readonly<Record<string, unknown>>;
  return hasKeys(layer, Object.keys(own)) && Object.keys(own).every((key) => own[key]!(layer[key]));
}
