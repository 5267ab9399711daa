/**
 * Scores as sums of tables: of each hidden integer, all that its function adds to the outputs, weights and all. Only these
 * tables are rounded, so that neither hidden values nor weights behind them need a grid.
 */
import * as np from '../../../tracer/index.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import { type IntegerTables, quantizeTables } from '../../quantize/windowTables.ts';
import { coefficientsOf } from '../linearTail.ts';
import type { Layer, Network } from '../network.ts';
import { failed } from '../problems.ts';
import { classified, type Integers, type Lowered, type ProgramBuilder } from './integers.ts';

/** Most entries of all tables together. */
const mostEntries = 2 ** 26;

/** Whether elements are functions of integers that are on no grid. */
export function hasNoGrid({ functions }: Lowered): boolean {
  return functions.some(({ line, code }) => line === null && code === null);
}

/**
 * What a tail of sums makes of functions of integers. Tables are made when they are first asked for: the choice of bits asks
 * for costs alone.
 *
 * @param tail the sums, as a network of the value
 * @throws TABLE_TOO_LARGE
 */
export function lowerScores(
  program: ProgramBuilder,
  value: Lowered,
  tail: Network,
  shape: readonly number[],
): Lowered {
  const x = program.of(value);
  const outputs = sizeOf(shape);
  const layer = tail.layers.at(-1)!;
  const sizes = x.max.map((most, e) => most - x.min[e]! + 1);
  const entries = outputs * sizes.reduce((sum, size) => sum + size, 0);
  if (entries > mostEntries) {
    const given = `tables of ${entries} entries for what it reads`;
    throw failed(layer, 'TABLE_TOO_LARGE', { given, allowed: mostEntries });
  }
  let made: IntegerTables | undefined;
  const tables = (): IntegerTables => {
    made ??= tablesOf(value, x, tail, outputs);
    return made;
  };
  const ends = (pick: (values: Int32Array, k: number) => number): Float64Array =>
    Float64Array.from({ length: outputs }, (_, k) =>
      tables().tables.reduce((sum, table) => sum + pick(table, k), 0),
    );
  const array: Integers = {
    shape,
    get min() {
      return ends((table, k) => extreme(table, k, outputs, Math.min));
    },
    get max() {
      return ends((table, k) => extreme(table, k, outputs, Math.max));
    },
    lookups: { entries: sizes, count: 1, components: outputs, freshBits: x.freshBits },
    compute: (arrays) => np.reshape(added(arrays[value.array]!, x, tables(), outputs), shape),
  };
  const lineOf = (k: number) => (integer: number) =>
    tables().step * (integer + tables().offsets[k]!);
  return {
    array: program.add(array),
    ...classified(
      outputs,
      (k) => `${k}`,
      (k) => ({ of: lineOf(k), line: null, code: null }),
    ),
  };
}

/** The tables of all elements, entries x outputs, rounded to one step. */
function tablesOf(value: Lowered, x: Integers, tail: Network, outputs: number): IntegerTables {
  const { coef, intercept } = coefficientsOf(tail, outputs);
  const origins: number[] = [];
  const tables = Array.from(value.classes, (own, e) => {
    const [low, size] = [x.min[e]!, x.max[e]! - x.min[e]! + 1];
    origins.push(Math.min(Math.max(0 - low, 0), size - 1));
    const table = new Float64Array(size * outputs);
    for (let entry = 0; entry < size; entry++) {
      const hidden = value.functions[own]!.of(low + entry);
      if (!Number.isFinite(hidden)) throw withoutValue(tail.layers[0]!, hidden, low + entry);
      for (let k = 0; k < outputs; k++) table[entry * outputs + k] = coef[k]![e]! * hidden;
    }
    return table;
  });
  const likelihoods = tables.map((_, e) => likelihoodsOf(x, e));
  return quantizeTables(tables, origins, Float64Array.from(intercept), likelihoods);
}

/** Of each integer of an element, as if it were normal around the middle of its range; all alike where nothing is known. */
function likelihoodsOf({ min, max, deviations }: Integers, e: number): Float64Array {
  const middle = (min[e]! + max[e]!) / 2;
  const deviation = deviations?.[e] || Number.POSITIVE_INFINITY;
  return Float64Array.from({ length: max[e]! - min[e]! + 1 }, (_, entry) =>
    Math.exp(-(((min[e]! + entry - middle) / deviation) ** 2) / 2),
  );
}

function withoutValue(layer: Layer, given: number, integer: number): Error {
  const details = { given: `${given} before it, where the integers are ${integer}` };
  return failed(layer, 'NOT_FINITE', { ...details, remedy: 'clip what the function is given' });
}

function extreme(
  table: Int32Array,
  k: number,
  outputs: number,
  pick: (a: number, b: number) => number,
): number {
  let best = table[k]!;
  for (let i = k; i < table.length; i += outputs) best = pick(best, table[i]!);
  return best;
}

/** The sum of what the tables have for each element. */
function added(
  array: np.Traced,
  { min }: Integers,
  { tables }: IntegerTables,
  outputs: number,
): np.Traced {
  const flat = np.flatten(array);
  const terms = tables.map((table, e) => {
    const entries = { shape: [table.length / outputs, outputs], data: Float64Array.from(table) };
    return np.take(entries, flat.at(e).subtract(min[e]!) as np.Traced, { axis: 0 });
  });
  return terms.reduce((a, b) => np.add(a, b));
}
