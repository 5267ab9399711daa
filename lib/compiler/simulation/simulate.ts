/**
 * Simulation: clear evaluation, with noise of the predicted size wherever the encrypted run rounds.
 *
 * Noise shows only where it takes a rounding to a wrong integer. So all rows are evaluated in clear, batch by batch;
 * `failures.ts` draws which events of which rows fail, and `interpret.ts` computes again what they reach.
 */
import { failures, type RoundingErrors } from './failures.ts';
import { interpreter } from './interpret.ts';
import { isApproximate, type SimulationModel } from './model.ts';

/** A model made ready. Rows are flat and follow each other; `inputs` are integers. */
export interface Simulation {
  /** The outputs without noise, by running the plan: for circuits whose function is not at hand. */
  readonly evaluate: (inputs: Float64Array, rows: number) => Float64Array;
  /** Changes `outputs`, which are those without noise, where failures reach them; `random` is uniform in [0, 1). */
  readonly disturb: (
    outputs: Float64Array,
    inputs: Float64Array,
    rows: number,
    random: () => number,
  ) => void;
}

const noErrors: RoundingErrors = new Map();

export function simulationOf(model: SimulationModel): Simulation {
  const interpret = interpreter(model);
  const draw = failures(model);
  // Whether an approximate lookup is off depends on its index: each row is run.
  const approximate = model.lookups.some(isApproximate);
  const perRow = model.outputs.length;
  const rowOf = (values: Float64Array, row: number, size: number) =>
    values.subarray(row * size, (row + 1) * size);
  return {
    evaluate: (inputs, rows) => {
      const outputs = new Float64Array(rows * perRow);
      for (let row = 0; row < rows; row++) {
        const input = rowOf(inputs, row, inputs.length / rows);
        outputs.set(interpret(input, noErrors, null), row * perRow);
      }
      return outputs;
    },
    disturb: (outputs, inputs, rows, random) => {
      const rerun = (row: number, errors: RoundingErrors) => {
        const input = rowOf(inputs, row, inputs.length / rows);
        const clear = rowOf(outputs, row, perRow);
        const noise = () => gaussian(random);
        clear.set(interpret(input, errors, approximate ? null : clear, noise));
      };
      const failing = draw(rows, random);
      if (!approximate) for (const { row, errors } of failing) rerun(row, errors);
      else {
        const errors = new Map(Array.from(failing, (each) => [each.row, each.errors]));
        for (let row = 0; row < rows; row++) rerun(row, errors.get(row) ?? noErrors);
      }
    },
  };
}

/** A standard normal number by Box and Muller's method. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
