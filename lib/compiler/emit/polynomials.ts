/** Clear polynomials of a program, each once, as runs of equal coefficients. */
import type { Polynomial } from '../../runtime/program.ts';

/** First position, number of positions and value of equal coefficients. */
type Run = [start: number, count: number, value: number];

/** Adds equal coefficients after those of `runs`; zeros are in none. */
function append(runs: Run[], start: number, count: number, value: number): void {
  if (value === 0) return;
  const last = runs.at(-1);
  if (last !== undefined && last[0] + last[1] === start && last[2] === value) last[1] += count;
  else runs.push([start, count, value]);
}

export class Polynomials {
  readonly all: Polynomial[] = [];
  readonly #byHash = new Map<number, number[]>();

  /** The polynomial with these integer coefficients, times 2^scaleLog. */
  dense(coefficients: Float64Array, scaleLog: number): number {
    const runs: Run[] = [];
    for (let i = 0; i < coefficients.length; i++) append(runs, i, 1, coefficients[i] as number);
    return this.#add({ scaleLog, runs });
  }

  /**
   * Entries of a rotation, each a box of `box` coefficients centred on its multiple of `box`; half a box of the first wraps to
   * the end of the `size` coefficients with its sign changed (X^size = -1).
   */
  boxes(entries: Float64Array, box: number, size: number, scaleLog: number): number {
    const runs: Run[] = [];
    entries.forEach((value, u) => {
      if (u === 0) append(runs, 0, box / 2, value);
      else append(runs, u * box - box / 2, box, value);
    });
    append(runs, size - box / 2, box / 2, -(entries[0] as number));
    return this.#add({ scaleLog, runs });
  }

  /** The polynomial with `values[i]` at `positions[i]`. */
  sparse(
    size: number,
    positions: readonly number[],
    values: readonly number[],
    scaleLog: number,
  ): number {
    const [only] = values as [number];
    if (values.length === 1) {
      const runs: Run[] = [];
      append(runs, positions[0] as number, 1, only);
      return this.#add({ scaleLog, runs });
    }
    const coefficients = new Float64Array(size);
    positions.forEach((position, i) => {
      coefficients[position] = values[i] as number;
    });
    return this.dense(coefficients, scaleLog);
  }

  #add(polynomial: Polynomial): number {
    const hash = hashOf(polynomial);
    const alike = this.#byHash.get(hash) ?? [];
    const known = alike.find((id) => isEqual(this.all[id] as Polynomial, polynomial));
    if (known !== undefined) return known;
    const id = this.all.push(polynomial) - 1;
    this.#byHash.set(hash, [...alike, id]);
    return id;
  }
}

/** 32-bit FNV-1a over the scale and the runs, modulo 2^32. */
function hashOf({ scaleLog, runs }: Polynomial): number {
  let hash = Math.imul(0x811c9dc5 ^ scaleLog, 0x01000193);
  for (const run of runs)
    for (let i = 0; i < run.length; i++) hash = Math.imul(hash ^ (run[i] as number), 0x01000193);
  return hash;
}

function isEqual(a: Polynomial, b: Polynomial): boolean {
  if (a.scaleLog !== b.scaleLog || a.runs.length !== b.runs.length) return false;
  return a.runs.every((run, k) => run.every((number, i) => number === b.runs[k]?.[i]));
}

/** X^exponent times a polynomial modulo X^N + 1. */
export function rotate(coefficients: Float64Array, exponent: number): Float64Array {
  const size = coefficients.length;
  const result = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const to = (((i + exponent) % (2 * size)) + 2 * size) % (2 * size);
    const value = coefficients[i] as number;
    if (value !== 0) result[to % size] = to < size ? value : -value;
  }
  return result;
}
