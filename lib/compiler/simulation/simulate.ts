/**
 * Simulation: clear evaluation, with noise of the predicted size wherever the encrypted run rounds.
 *
 * Noise shows only where it takes a rounding to a wrong integer. So all rows are evaluated in clear; `failures.ts` draws
 * which events of which rows fail, and `interpret.ts` runs the plan for these rows.
 */
import { failures } from './failures.ts';
import { interpreter } from './interpret.ts';
import { isApproximate, type SimulationModel } from './model.ts';

/** A model made ready. Rows are flat and follow each other; `inputs` are integers. */
export interface Simulation {
  /** The outputs without noise, by running the plan: for circuits whose function is not at hand. */
  readonly evaluate: (inputs: Float64Array, rows: number) => Float64Array;
  /** The outputs with noise; `evaluate` gives those without where they are needed, `random` is uniform in [0, 1). */
  readonly simulate: (
    inputs: Float64Array,
    rows: number,
    random: () => number,
    evaluate: (inputs: Float64Array, rows: number) => Float64Array,
  ) => Float64Array;
}

export function simulationOf(model: SimulationModel): Simulation {
  const interpret = interpreter(model);
  const draw = failures(model);
  // Whether an approximate lookup is off depends on its index: every row is run.
  const approximate = model.lookups.some(isApproximate);
  return {
    evaluate: (inputs, rows) => interpret(inputs, rows, null, null),
    simulate: (inputs, rows, random, evaluate) => {
      const failing = [...draw(rows, random)];
      if (approximate) {
        // Promises are for values without noise.
        if (model.promises.length > 0) interpret(inputs, rows, null, null);
        return interpret(inputs, rows, failing, random);
      }
      const chosen = failing.map(({ row }) => row);
      const gathered = gatherRows(inputs, rows, chosen);
      const renumbered = failing.map(({ errors }, row) => ({ row, errors }));
      const wrong = interpret(gathered, chosen.length, renumbered, null);
      return placeRows(evaluate(inputs, rows), rows, wrong, chosen);
    },
  };
}

function gatherRows(values: Float64Array, rows: number, chosen: readonly number[]): Float64Array {
  const size = values.length / Math.max(1, rows);
  const gathered = new Float64Array(chosen.length * size);
  chosen.forEach((row, i) => {
    gathered.set(values.subarray(row * size, (row + 1) * size), i * size);
  });
  return gathered;
}

/** `values` with other rows in the place of the chosen ones. */
function placeRows(
  values: Float64Array,
  rows: number,
  changed: Float64Array,
  chosen: readonly number[],
): Float64Array {
  const size = values.length / Math.max(1, rows);
  const result = values.slice();
  chosen.forEach((row, i) => {
    result.set(changed.subarray(i * size, (i + 1) * size), row * size);
  });
  return result;
}
