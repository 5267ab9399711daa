/**
 * Shapes of a network's values, and whether the network is one: nothing later looks again.
 */
import { error } from '../../lib/errors.ts';
import { broadcastShapes } from '../../tracer/broadcast.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import { activations } from './activations.ts';
import { checkConvolution, checkDense, checkPool } from './linearShapes.ts';
import type {
  ActivationLayer,
  Constant,
  GridLayer,
  Layer,
  MoveLayer,
  Network,
  PairLayer,
  ReduceLayer,
  ScaleLayer,
  TableLayer,
} from './network.ts';
import { failed, isExtent, numbers, shown } from './problems.ts';

/** Most layers of a network, and most elements of the value of one. */
export const largestNetwork = 100_000;
export const largestValue: number = 2 ** 24;

type Shape = readonly number[];

/**
 * The shape of the value of each layer, for one row.
 *
 * @throws BAD_NETWORK for layers that read later ones, unknown functions, counts, strides or grids that are none;
 * SHAPE_MISMATCH where weights, constants or values do not belong together; NOT_FINITE; each names the layer
 */
export function networkShapes({ inputShape, layers }: Network): number[][] {
  checkExtents('the input', inputShape);
  if (layers.length === 0 || layers.length > largestNetwork) {
    const allowed = `1 to ${largestNetwork}`;
    throw error('BAD_NETWORK', { what: 'layers', given: layers.length, allowed });
  }
  const shapes: number[][] = [];
  layers.forEach((layer, at) => {
    const inputs = inputsOf(layer).map((input) => {
      if (Number.isInteger(input) && input >= -1 && input < at) {
        return input < 0 ? inputShape : shapes[input]!;
      }
      throw failed(layer, 'BAD_NETWORK', { given: `input ${input}`, allowed: `-1 to ${at - 1}` });
    });
    const shape = shapeOf(layer, inputs, layers);
    checkExtents(layer.name, shape);
    shapes.push(shape);
  });
  return shapes;
}

/** The positions of the values that a layer reads. */
export function inputsOf(layer: Layer): readonly number[] {
  return 'inputs' in layer ? layer.inputs : [layer.input];
}

function shapeOf(layer: Layer, inputs: readonly Shape[], layers: readonly Layer[]): number[] {
  const [shape = []] = inputs;
  switch (layer.kind) {
    case 'dense':
      return checkDense(layer, shape);
    case 'convolution':
      return checkConvolution(layer, shape);
    case 'maxPool':
    case 'averagePool':
      return checkPool(layer, shape);
    case 'scale':
      return checkScale(layer, shape);
    case 'activation':
      return checkActivation(layer, shape);
    case 'table':
      return checkTable(layer, shape, layers[layer.input]);
    case 'grid':
      return checkGrid(layer, shape);
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'maximum':
    case 'minimum':
      return checkPair(layer, inputs);
    case 'move':
      return checkMove(layer, inputs);
    case 'sum':
    case 'mean':
    case 'max':
      return checkReduce(layer, shape);
    default:
      throw failed(layer satisfies never as Layer, 'BAD_NETWORK', {
        given: `the kind ${(layer as Layer).kind}`,
        allowed: 'a layer of this version',
      });
  }
}

function checkExtents(what: string, shape: Shape): void {
  const fits = Array.isArray(shape) && shape.every(isExtent) && sizeOf(shape) <= largestValue;
  if (fits) return;
  const allowed = `extents from 1 on, ${largestValue} elements at most`;
  throw error('BAD_NETWORK', { what: `${what}: shape`, given: shown(shape), allowed });
}

function checkScale(layer: ScaleLayer, shape: Shape): number[] {
  checkConstant(layer, 'factor', layer.factor);
  checkConstant(layer, 'offset', layer.offset);
  return broadcastShapes(layer.name, shape, layer.factor.shape, layer.offset.shape);
}

function checkConstant(layer: Layer, part: string, { shape, data }: Constant): void {
  checkExtents(`${layer.name}: ${part}`, shape);
  numbers(layer, part, data, sizeOf(shape));
}

function checkActivation(layer: ActivationLayer, shape: Shape): number[] {
  const { function: name, parameters } = layer;
  if (!Object.hasOwn(activations, name)) {
    const allowed = Object.keys(activations).join(', ');
    throw failed(layer, 'BAD_NETWORK', { given: `the function ${name}`, allowed });
  }
  numbers(layer, 'parameters', parameters, activations[name]!.parameters.length);
  return [...shape];
}

/** What a table reads must be the integers of a grid. */
function checkTable(layer: TableLayer, shape: Shape, input: Layer | undefined): number[] {
  numbers(layer, 'values', layer.values, null);
  const own = { given: `${layer.values.length} values from ${layer.min} on` };
  if (!Number.isSafeInteger(layer.min) || layer.values.length === 0) {
    throw failed(layer, 'BAD_NETWORK', { ...own, allowed: 'a value for each integer from one on' });
  }
  if (input?.kind !== 'grid') {
    const given = `a table of the value of ${input?.name ?? 'the input'}`;
    throw failed(layer, 'BAD_NETWORK', { given, allowed: 'a table of the value of a grid' });
  }
  const [low, high] = [input.min - input.zero, input.max - input.zero];
  if (layer.min > low || layer.min + layer.values.length - 1 < high) {
    const allowed = `a value for each integer of the grid, ${low} to ${high}`;
    throw failed(layer, 'BAD_NETWORK', { ...own, allowed });
  }
  return [...shape];
}

/** The largest magnitude of integers on a grid. */
const largestCode = 2 ** 31;

function checkGrid(layer: GridLayer, shape: Shape): number[] {
  const { step, zero, min, max } = layer;
  numbers(layer, 'step', step, null);
  if (step.length !== 1 && step.length !== shape[0]) {
    const given = `${step.length} steps for a value of shape ${shown(shape)}`;
    const allowed = `1, or one for each of the ${shape[0] ?? 1} channels`;
    throw failed(layer, 'SHAPE_MISMATCH', { given, allowed });
  }
  const fits = (value: number): boolean =>
    Number.isSafeInteger(value) && Math.abs(value) <= largestCode;
  if (step.every((each) => each > 0) && fits(zero) && fits(min) && fits(max) && min <= max) {
    return [...shape];
  }
  throw failed(layer, 'BAD_NETWORK', {
    given: `steps ${shown(step)}, zero ${zero}, integers ${min} to ${max}`,
    allowed: 'steps above 0, and integers of 32 bits with min <= max',
  });
}

function checkPair(layer: PairLayer, inputs: readonly Shape[]): number[] {
  if (inputs.length === 2) return broadcastShapes(layer.name, ...inputs);
  throw failed(layer, 'BAD_NETWORK', { given: `${inputs.length} inputs`, allowed: '2' });
}

function checkMove(layer: MoveLayer, inputs: readonly Shape[]): number[] {
  const { shape, from, fill } = layer;
  checkExtents(layer.name, shape);
  const elements = inputs.reduce((sum, each) => sum + sizeOf(each), 0);
  numbers(layer, 'fill', [fill], 1);
  numbers(layer, 'from', from, sizeOf(shape));
  const wrong = from.find((at) => !(Number.isInteger(at) && at >= -1 && at < elements));
  if (inputs.length > 0 && wrong === undefined) return [...shape];
  const given = inputs.length === 0 ? 'no inputs' : `element ${wrong}`;
  throw failed(layer, 'BAD_NETWORK', { given, allowed: `elements -1 to ${elements - 1}` });
}

function checkReduce(layer: ReduceLayer, shape: Shape): number[] {
  const { axes, keepsAxes } = layer;
  const fits = axes.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < shape.length);
  if (!fits || new Set(axes).size !== axes.length) {
    const allowed = `different axes of 0 to ${shape.length - 1}`;
    throw failed(layer, 'BAD_NETWORK', { given: `axes ${shown(axes)}`, allowed });
  }
  if (keepsAxes) return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return shape.filter((_, axis) => !axes.includes(axis));
}
