/**
 * Failures: which rounding events of which rows give a wrong integer, and by how much.
 *
 * Events are independent. One whose noise has the standard deviation s (in units of its integer) fails with
 * probability p = erfc(1 / (2 s sqrt 2)). Along a line on which every event of every row, one after the other, takes a
 * stretch of length -ln(1 - p), an event fails exactly when a point of a Poisson process of rate 1 falls into its
 * stretch. So walking from point to point draws the failures alone, however rare they are.
 */
import { erfc } from '../parameters/special.ts';
import { isApproximate, type SimulationModel } from './model.ts';

/**
 * By rounding event, how many integers it is off by; events that are right are absent. Events are numbered: first the
 * rotations of the model in order, then the parts of its outputs.
 */
export type RoundingErrors = ReadonlyMap<number, number>;

/** One row in which at least one event fails. */
export interface FailingRow {
  readonly row: number;
  readonly errors: RoundingErrors;
}

/** Draws the rows of a batch in which events fail, ascending; `random` is uniform in [0, 1). */
export type Failures = (rows: number, random: () => number) => Iterable<FailingRow>;

/** The failures of a model, made ready to draw. */
export function failures(model: SimulationModel): Failures {
  const deviations = [
    // What an approximate lookup reads depends on its index too: `interpret.ts` draws its noise.
    ...model.lookups.map((lookup) => (isApproximate(lookup) ? 0 : lookup.deviation)),
    ...model.outputs.flatMap(({ parts }) => parts.map(({ deviation }) => deviation)),
  ];
  const ends = stretchEnds(deviations);
  const length = ends.at(-1) ?? 0;

  return function* (rows, random) {
    let row = 0;
    let at = 0;
    let errors = new Map<number, number>();
    while (length > 0) {
      at -= Math.log(1 - random());
      const passed = Math.floor(at / length);
      if (passed > 0) {
        if (errors.size > 0) yield { row, errors };
        errors = new Map();
        row += passed;
        at -= passed * length;
      }
      if (row >= rows) return;
      const event = firstBeyond(ends, at);
      errors.set(event, wrongBy(deviations[event] as number, random));
      at = ends[event] as number;
    }
  };
}

/** Where the stretch of each event ends within a row. */
function stretchEnds(deviations: readonly number[]): Float64Array {
  const stretches = new Map<number, number>();
  let end = 0;
  return Float64Array.from(deviations, (deviation) => {
    let stretch = stretches.get(deviation);
    if (stretch === undefined) {
      const probability = erfc(1 / (2 * deviation * Math.SQRT2));
      stretch = -Math.log1p(-Math.min(probability, 1 - Number.EPSILON));
      stretches.set(deviation, stretch);
    }
    end += stretch;
    return end;
  });
}

/** The first event whose stretch ends beyond `at`. */
function firstBeyond(ends: Float64Array, at: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The error of an event that fails: a normal number of this deviation beyond 1/2 on either side, rounded. Robert,
 * "Simulation of truncated normal variables" (1995): an exponential number beyond the bound, kept in proportion.
 */
function wrongBy(deviation: number, random: () => number): number {
  const bound = 1 / (2 * deviation);
  const rate = (bound + Math.sqrt(bound ** 2 + 4)) / 2;
  let beyond: number;
  do beyond = bound - Math.log(1 - random()) / rate;
  while (random() > Math.exp(-((beyond - rate) ** 2) / 2));
  const size = Math.max(1, Math.round(deviation * beyond));
  return random() < 0.5 ? size : -size;
}
