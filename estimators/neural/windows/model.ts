/**
 * Networks whose hidden values read few inputs each, as sums of tables: all that reads the same inputs is one table, be it
 * several layers wide and deep.
 *
 * A table of n bits with 10 outputs takes n CMUX up to n = 7, 10 for n = 9, 38 for n = 12, and no bootstrap. The number
 * of channels, the precision of weights and activations and the kinds of activations make no difference; the bits of the
 * input grid and what a hidden value reads do. Truth-table networks (Benamira et al., "TT-TFHE", 2023) look such tables up
 * one by one; here the last layer is part of the tables.
 */
import * as np from '../../../tracer/index.ts';
import { sizeOf, type Tensor } from '../../../tracer/tensor.ts';
import type { IntegerModel } from '../../model.ts';
import { type IntegerTables, quantizeTables } from '../../quantize/windowTables.ts';
import { codeOf, evaluateLayers, evaluateNetwork, stepsOf } from '../evaluate.ts';
import { lastSum } from '../linearTail.ts';
import type { ActivationLayer, GridLayer, Network, ScaleLayer } from '../network.ts';
import { inputsOf, networkShapes } from '../shapes.ts';
import { additiveForm } from './additive.ts';
import { type Elements, elementsOf } from './elements.ts';
import { type Window, windowCmux, windowsOf } from './group.ts';
import { tabulate } from './tabulate.ts';

/** Most bits of a table, and most entries of all tables together, for which this is the cheapest way. */
const mostBits = 12;
const mostEntries = 2 ** 21;

/** A network as a sum of tables. */
interface WindowSums extends IntegerTables {
  readonly windows: readonly Window[];
  /** Number of codes of an input. */
  readonly levels: number;
}

/**
 * The network as a sum of tables, in the four steps of every model, or null where it is none: where there is no grid on
 * which all depends, where a hidden value reads more than 12 bits, or where there is none and weighted sums are cheaper.
 *
 * @throws NOT_FINITE where a function has no value for an input; and as `networkShapes`
 */
export function windowsModel(network: Network): IntegerModel | null {
  const place = inputGrid(network);
  if (place === null) return null;
  const shapes = networkShapes(network);
  const last = lastSum(network.layers, place + 1);
  const grid = network.layers[place] as GridLayer;
  const head = { ...network, layers: network.layers.slice(0, last + 1) };
  const elements = elementsOf(head, place);
  const sums = windowSums(elements, grid, stepsOf(grid, shapes[place]!));
  if (sums === null) return null;
  const tail = tailOf(network, last, shapes[last]!);
  const { step, offsets } = sums;
  return {
    input: { length: elements.inputs, min: 0, max: sums.levels - 1 },
    quantize: (X) => codesOf(network, place, X),
    evaluate: (codes) => evaluateSums(sums, codes),
    program: (codes) => traceSums(sums, codes),
    dequantize: ({ shape, data }) => {
      const values = data.map((sum, i) => step * (sum + offsets[i % offsets.length]!));
      return tail === null
        ? { shape, data: values }
        : flat(evaluateNetwork(tail, { shape, data: values }));
    },
  };
}

/** CMUX and bits of inputs that `windowsModel` of a network takes, without its tables; null where it is none. */
export function windowsCost(
  network: Network,
): { readonly cmux: number; readonly bits: number } | null {
  const place = inputGrid(network);
  if (place === null) return null;
  const layers = network.layers.slice(0, lastSum(network.layers, place + 1) + 1);
  const elements = elementsOf({ ...network, layers }, place);
  const { min, max } = network.layers[place] as GridLayer;
  const made = windowsFor(elements, max - min + 1);
  if (made === null) return null;
  const { windows, inputBits, outputs } = made;
  const widths = windows.map(({ inputs }) => inputs.length * inputBits);
  return {
    cmux: widths.reduce((sum, width) => sum + windowCmux(width, outputs), 0),
    bits: new Set(windows.flatMap(({ inputs }) => inputs)).size * inputBits,
  };
}

/** The first grid, where all layers before it are read by it alone and have no weights, which the client would learn. */
function inputGrid({ layers }: Network): number | null {
  const place = layers.findIndex(({ kind }) => kind === 'grid');
  if (place < 0) return null;
  const hasWeights = layers
    .slice(0, place)
    .some(({ kind }) => kind === 'dense' || kind === 'convolution');
  const isRoundabout = layers.some(
    (layer, at) => at > place && inputsOf(layer).some((from) => from < place),
  );
  return hasWeights || isRoundabout ? null : place;
}

/** The layers behind `last`, as a network of their own. */
function tailOf({ layers }: Network, last: number, inputShape: readonly number[]): Network | null {
  const own = layers.slice(last + 1) as (ScaleLayer | ActivationLayer)[];
  if (own.length === 0) return null;
  return { inputShape, layers: own.map((layer, at) => ({ ...layer, input: at - 1 })) };
}

/** Rows x all else. */
function flat({ shape, data }: Tensor): Tensor {
  const [rows = 0] = shape;
  return { shape: [rows, data.length / Math.max(rows, 1)], data };
}

/** The windows of a network, whose input has so many codes, with what is added to each output. */
function windowsFor(
  elements: Elements,
  levels: number,
): { windows: Window[]; constants: Float64Array; inputBits: number; outputs: number } | null {
  const inputBits = Math.ceil(Math.log2(levels));
  const form = additiveForm(elements, Math.floor(mostBits / Math.max(1, inputBits)));
  if (form === null || form.parts.every(({ element }) => element < elements.inputs)) return null;
  const { parts, constants } = form;
  const outputs = constants.length;
  const windows = windowsOf(parts, inputBits, outputs);
  const entries = windows.reduce((total, { inputs }) => total + levels ** inputs.length, 0);
  if (entries * outputs > mostEntries) return null;
  return { windows, constants, inputBits, outputs };
}

function windowSums(elements: Elements, grid: GridLayer, steps: Float64Array): WindowSums | null {
  const levels = grid.max - grid.min + 1;
  const made = windowsFor(elements, levels);
  if (made === null) return null;
  const { windows, constants, outputs } = made;
  const valuesOf = (input: number): Float64Array =>
    Float64Array.from(
      { length: levels },
      (_, code) => steps[input]! * (code + grid.min - grid.zero),
    );
  const tables = windows.map((window) => tabulate(window, elements, valuesOf, outputs));
  // The code whose value is nearest to 0.
  const zero = Math.min(Math.max(grid.zero - grid.min, 0), levels - 1);
  const origins = windows.map(({ inputs }) => inputs.reduce((number) => number * levels + zero, 0));
  return { windows, levels, ...quantizeTables(tables, origins, constants) };
}

/** The codes of rows on the input grid, rows x inputs, from 0 on. */
function codesOf(network: Network, place: number, X: Tensor): Tensor {
  const grid = network.layers[place] as GridLayer;
  const parts: Float64Array[] = [];
  for (const [value] of evaluateLayers(network, X, [grid.input])) {
    const steps = stepsOf(grid, value!.shape);
    parts.push(
      value!.data.map((x, i) => codeOf(grid, steps[i % steps.length]!, x) + grid.zero - grid.min),
    );
  }
  const [rows = 0] = X.shape;
  const columns = sizeOf(networkShapes(network)[place]!);
  const data = new Float64Array(rows * columns);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { shape: [rows, columns], data };
}

function evaluateSums({ windows, tables, levels, offsets }: WindowSums, codes: Tensor): Tensor {
  const [rows, columns] = codes.shape as [number, number];
  const outputs = offsets.length;
  const data = new Float64Array(rows * outputs);
  windows.forEach(({ inputs }, w) => {
    const table = tables[w]!;
    for (let row = 0; row < rows; row++) {
      let entry = 0;
      for (let i = inputs.length - 1; i >= 0; i--)
        entry = entry * levels + codes.data[row * columns + inputs[i]!]!;
      for (let k = 0; k < outputs; k++) data[row * outputs + k]! += table[entry * outputs + k]!;
    }
  });
  return { shape: [rows, outputs], data };
}

function traceSums({ windows, tables, levels, offsets }: WindowSums, codes: np.Traced): np.Traced {
  const outputs = offsets.length;
  const added = windows.map(({ inputs }, w) => {
    const table = tables[w]!;
    const entries = { shape: [table.length / outputs, outputs], data: Float64Array.from(table) };
    const entry = np.dot(
      codes.at(inputs),
      inputs.map((_, i) => levels ** i),
    );
    return np.take(entries, entry, { axis: 0 });
  });
  return added.reduce((a, b) => np.add(a, b));
}
