/**
 * Carried inputs: those that are outputs of the run before, which the server hands on without a key. What leaves a run
 * comes straight out of lookups, so that noise does not grow from run to run.
 */
import type { Graph, NodeOf } from '../../tracer/graph.ts';
import { type ArrayLike, sameShape, sizeOf, toIntegerTensor } from '../../tracer/tensor.ts';
import { error } from '../errors.ts';
import { checkOptions } from '../options.ts';
import type { Range } from './cells.ts';

/** Where a carried input comes from. */
export interface CarriedInput {
  /** Number of the output that it is of the run before, from 0. */
  readonly output: number;
  /** Its value in the first run, of the input's shape. Default: 0 everywhere. */
  readonly initial?: ArrayLike;
}

/** Carried inputs by name. */
export type CarriedInputs = Readonly<Record<string, CarriedInput>>;

/** Carried inputs of a graph. */
export interface Carriage {
  /** By the number of an input, that of its output. */
  readonly outputs: ReadonlyMap<number, number>;
  /** By the number of a scalar among all inputs, its value in the first run. */
  readonly initial: ReadonlyMap<number, number>;
}

/**
 * The carried inputs that are asked for.
 *
 * @throws BAD_OPTION for names that are no encrypted input, and outputs that are not there or taken; SHAPE_MISMATCH, NOT_AN_INTEGER,
 * OUT_OF_RANGE
 */
export function carriageOf(graph: Graph, carried: CarriedInputs = {}): Carriage {
  const inputs = graph.inputs.map((id) => graph.nodes[id] as NodeOf<'input'>);
  checkOptions('compile: carried', carried, [
    'name of an input',
    ...inputs.map(({ name }) => name),
  ]);
  const outputs = new Map<number, number>();
  const initial = new Map<number, number>();
  let first = 0;
  for (const [i, input] of inputs.entries()) {
    const size = sizeOf(input.shape);
    const asked = carried[input.name];
    if (asked !== undefined) {
      checkOptions(`carried.${input.name}`, asked, ['output', 'initial']);
      const { output } = asked;
      checkOutput(graph, input, output, [...outputs.values()]);
      outputs.set(i, output);
      initialOf(input, asked.initial).forEach((value, k) => {
        initial.set(first + k, value);
      });
    }
    first += size;
  }
  return { outputs, initial };
}

/** @throws OUT_OF_RANGE where an output has values that the input that it becomes has not */
export function checkCarried(graph: Graph, { outputs }: Carriage, ranges: readonly Range[]): void {
  for (const [i, output] of outputs) {
    const { name, min, max } = graph.nodes[graph.inputs[i] as number] as NodeOf<'input'>;
    const range = ranges[graph.outputs[output] as number] as Range;
    if (range.min >= min && range.max <= max) continue;
    throw error('OUT_OF_RANGE', {
      what: `carried.${name}: output ${output}`,
      given: `${range.min} to ${range.max}`,
      allowed: `${min} to ${max}, as the input`,
      remedy: 'declare a wider input, or clip the output',
    });
  }
}

function checkOutput(
  graph: Graph,
  { name, shape, encrypted, min, max }: NodeOf<'input'>,
  output: number,
  taken: readonly number[],
): void {
  const what = `carried.${name}`;
  if (!encrypted || min === max) {
    const given = encrypted ? 'an input of one value' : 'a clear input';
    throw error('BAD_OPTION', { what, given, allowed: 'an encrypted input' });
  }
  const count = graph.outputs.length;
  if (!Number.isInteger(output) || output < 0 || output >= count || taken.includes(output)) {
    const given = taken.includes(output) ? `output ${output} twice` : output;
    const allowed = `an output, 0 to ${count - 1}, once`;
    throw error('BAD_OPTION', { what: `${what}.output`, given, allowed });
  }
  const own = graph.nodes[graph.outputs[output] as number]?.shape as readonly number[];
  if (sameShape(own, shape)) return;
  const given = `output ${output} of shape [${own.join(', ')}]`;
  throw error('SHAPE_MISMATCH', { what, given, allowed: `[${shape.join(', ')}]` });
}

function initialOf({ name, shape, min, max }: NodeOf<'input'>, initial?: ArrayLike): Float64Array {
  const what = `carried.${name}.initial`;
  const values =
    initial === undefined
      ? { shape, data: new Float64Array(sizeOf(shape)) }
      : toIntegerTensor(initial, what);
  if (!sameShape(values.shape, shape)) {
    const given = `[${values.shape.join(', ')}]`;
    throw error('SHAPE_MISMATCH', { what, given, allowed: `[${shape.join(', ')}]` });
  }
  const given = values.data.find((value) => value < min || value > max);
  if (given !== undefined) {
    const remedy = initial === undefined ? 'give initial values' : 'give others';
    throw error('OUT_OF_RANGE', { what, given, allowed: `${min} to ${max}`, remedy });
  }
  return Float64Array.from(values.data);
}
