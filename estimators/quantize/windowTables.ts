/**
 * Tables whose sums are scores, as integers of one step.
 */
import { error } from '../../lib/errors.ts';
import { roundHalfEven } from './rounding.ts';

/**
 * Deviation of what rounding all tables adds to a score, relative to that of the scores where entries of tables are as likely
 * as they are said to be. Digits of 28 x 28 pixels lose a third of their wrong labels' share more at twice as much, and nothing
 * at half of it, which would take one bit more of every sum.
 */
const roundingShare = 1 / 32;

/** Entries x outputs of each table in integers, and what sums of them stand for: step x (sum + offset of the output). */
export interface IntegerTables {
  readonly tables: readonly Int32Array[];
  readonly step: number;
  readonly offsets: Float64Array;
}

/**
 * The coarsest step at which rounding stays below its share. `origins` has the entry of each table that is 0 exactly: what
 * most windows of a sparse picture hold, whose errors would add up. `likelihoods` are those of the entries of each table, of any
 * sum. Default: all alike.
 *
 * @throws NOT_FINITE
 */
export function quantizeTables(
  tables: readonly Float64Array[],
  origins: readonly number[],
  constants: Float64Array,
  likelihoods: readonly Float64Array[] | null = null,
): IntegerTables {
  const outputs = constants.length;
  if (![constants, ...tables].every((table) => table.every(Number.isFinite))) {
    const details = { given: 'NaN or infinity', allowed: 'finite numbers for all inputs' };
    throw error('NOT_FINITE', { what: 'scores of a network', ...details });
  }
  const offsets = Float64Array.from(constants);
  tables.forEach((table, t) => {
    for (let k = 0; k < outputs; k++) offsets[k]! += table[origins[t]! * outputs + k]!;
  });
  const deviation = Math.sqrt(
    tables.reduce((total, table, t) => total + varianceOf(table, outputs, likelihoods?.[t]), 0) /
      outputs,
  );
  // A rounding error is uniform: its variance is step^2 / 12.
  const step = roundingShare * deviation * Math.sqrt(12 / Math.max(1, tables.length)) || 1;
  // Scores that are compared are whole steps, with all that is added to them; a table has the rest.
  const whole = deviation > 0 ? offsets.map((own) => roundHalfEven(own / step) + 0) : offsets;
  const integers = tables.map((table, t) => {
    const origin = origins[t]! * outputs;
    const rest = offsets.map(
      (offset, k) => (t === 0 ? offset - step * whole[k]! : 0) - table[origin + k]!,
    );
    return Int32Array.from(table, (value, i) => roundHalfEven((value + rest[i % outputs]!) / step));
  });
  return { tables: integers, step, offsets: whole };
}

/** Summed over the outputs. */
function varianceOf(table: Float64Array, outputs: number, likelihoods?: Float64Array): number {
  const entries = table.length / outputs;
  const likely = likelihoods ?? new Float64Array(entries).fill(1);
  const all = likely.reduce((sum, own) => sum + own, 0);
  let total = 0;
  for (let k = 0; k < outputs; k++) {
    let [sum, squares] = [0, 0];
    for (let entry = 0; entry < entries; entry++) {
      const value = table[entry * outputs + k]!;
      sum += likely[entry]! * value;
      squares += likely[entry]! * value ** 2;
    }
    total += Math.max(0, squares / all - (sum / all) ** 2);
  }
  return total;
}
