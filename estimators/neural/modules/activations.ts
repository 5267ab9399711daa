/**
 * Functions of each element, and the grids of their values.
 */
import { error } from '../../../lib/errors.ts';
import { powerOfTwo, valueStep } from '../../quantize/neuron.ts';
import type { ScaleLayer } from '../network.ts';
import type { Parameter } from '../optimizer.ts';
import { apply, type CurveName, curves } from '../tape/elementwise.ts';
import { type Knots, onGrid, tabulated } from '../tape/quantize.ts';
import { newValue, type Value } from '../tape/tape.ts';
import { type Flow, fixed, type Module, type Pass, type Writer, type Written } from './module.ts';

/** A function of hidden layers; 'table' is one that is learned. */
export type HiddenActivation = CurveName | 'table';

/** All of them. */
export const hiddenActivations: readonly HiddenActivation[] = [
  'relu',
  'identity',
  'logistic',
  'tanh',
  'hardtanh',
  'sign',
  'step',
  'table',
];

/** What the functions of networks are called that are written. */
const written = {
  identity: { function: 'identity', parameters: [] },
  relu: { function: 'relu', parameters: [] },
  logistic: { function: 'sigmoid', parameters: [] },
  tanh: { function: 'tanh', parameters: [] },
  hardtanh: { function: 'hardTanh', parameters: [-1, 1] },
} as const;

/** Functions with values of both signs, whose grid is symmetric. */
const signed: readonly HiddenActivation[] = ['identity', 'tanh', 'hardtanh', 'table'];

/** A function with values of so many bits. @throws BAD_OPTION for 1 bit of a function whose values have two signs */
export function activationModule(
  input: Flow,
  name: string,
  activation: HiddenActivation,
  bits: number,
): Module {
  if (activation === 'sign' || activation === 'step') return stepModule(input, activation);
  const isSigned = signed.includes(activation);
  if (isSigned && bits === 1) {
    const remedy = "take activation 'sign', or more bits";
    const allowed = `2 or more with activation '${activation}'`;
    throw error('BAD_OPTION', { what: `${name}: bits`, given: bits, allowed, remedy });
  }
  const max = isSigned ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const grid = learnedGrid(isSigned ? -max : 0, max);
  const output: Flow = { shape: input.shape, kind: 'grid', span: isSigned ? 2 * max : max };
  const common = { output, figures: grid.figures, settle: () => {} };
  if (activation === 'table') {
    const knots = startingKnots();
    return {
      ...common,
      parameters: [{ value: knots.values, decay: 0 }, grid.parameter],
      forward: (x, pass) => grid.forward(tabulated(pass.tape, x, knots, pass.quantized), pass),
      write: (writer, { position }) => grid.write(writer, writeKnots(writer, position, knots)),
    };
  }
  const curve = curves[activation];
  return {
    ...common,
    parameters: [grid.parameter],
    forward: (x, pass) => grid.forward(apply(pass.tape, x, curve), pass),
    write: (writer, { position }) => {
      const { parameters, function: known } = written[activation];
      const layer = { kind: 'activation', input: position, function: known, parameters } as const;
      return grid.write(writer, activation === 'identity' ? position : writer.add(layer));
    },
  };
}

/** 0 or 1, or -1 or 1: either is one bit, and what it stands for. */
function stepModule(input: Flow, activation: 'sign' | 'step'): Module {
  const line = activation === 'sign' ? { step: 2, offset: -1 } : { step: 1, offset: 0 };
  return fixed({
    output: { shape: input.shape, kind: 'grid', span: 1 },
    forward: (x, { tape }) => apply(tape, x, curves[activation]),
    write: (writer, { position }) => {
      const step = { function: 'step', parameters: [] };
      const bit = writer.add({ kind: 'activation', input: position, ...step });
      const grid = writer.add({ kind: 'grid', input: bit, step: [1], zero: 0, min: 0, max: 1 });
      const scaled = lineLayer(grid, [line.step], [line.offset], []);
      return { position: activation === 'step' ? grid : writer.add(scaled), line };
    },
  });
}

/** y = factor * x + offset, constants of one shape. */
export function lineLayer(
  input: number,
  factor: readonly number[],
  offset: readonly number[],
  shape: readonly number[],
): Omit<ScaleLayer, 'name'> {
  return {
    kind: 'scale',
    input,
    factor: { shape, data: factor },
    offset: { shape, data: offset },
  };
}

interface LearnedGrid {
  readonly figures: Module['figures'];
  readonly parameter: Parameter;
  forward(x: Value, pass: Pass): Value;
  write(writer: Writer, position: number): Written;
}

/** A grid whose step is learned, and starts where it loses least of the first values that it meets. */
function learnedGrid(min: number, max: number): LearnedGrid {
  const logStep = newValue([1]);
  const started = new Uint8Array(1);
  return {
    parameter: { value: logStep, decay: 0 },
    figures: [started],
    forward: (x: Value, { tape, quantized }: Pass): Value => {
      if (!quantized) return x;
      if (started[0] === 0) logStep.data[0] = Math.log2(valueStep(x.data, min, max));
      started[0] = 1;
      return onGrid(tape, x, logStep, { min, max });
    },
    write: (writer: Writer, position: number): Written => {
      const step = powerOfTwo(logStep.data[0]!);
      const grid = { step: [step], zero: 0, min, max };
      const added = writer.add({ kind: 'grid', input: position, ...grid });
      return { position: added, line: { step, offset: 0 } };
    },
  };
}

/** A learned table has 16 points, half a unit apart, from -4 to 3.5, and starts as a ramp of slope 1 from -1 to 1. */
function startingKnots(): Knots {
  const first = -8;
  const values = Float64Array.from({ length: 16 }, (_, i) =>
    Math.min(Math.max((i + first) / 2, -1), 1),
  );
  return { values: newValue([16], values), first, step: 0.5 };
}

function writeKnots(writer: Writer, input: number, { values, first, step }: Knots): number {
  const { length } = values.data;
  const grid = { step: [step], zero: 0, min: first, max: first + length - 1 };
  const index = writer.add({ kind: 'grid', input, ...grid });
  return writer.add({ kind: 'table', input: index, min: first, values: Array.from(values.data) });
}
