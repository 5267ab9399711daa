/** Clear polynomials of a program, each once, as runs of equal coefficients. */
import type { Polynomial } from '../../runtime/program.ts';

export class Polynomials {
  readonly all: Polynomial[] = [];
  readonly #known = new Map<string, number>();

  /** The polynomial with these integer coefficients, times 2^scaleLog. */
  dense(coefficients: Float64Array, scaleLog: number): number {
    const runs: [number, number, number][] = [];
    for (let i = 0; i < coefficients.length; i++) {
      const value = coefficients[i] as number;
      if (value === 0) continue;
      const last = runs.at(-1);
      if (last !== undefined && last[0] + last[1] === i && last[2] === value) last[1]++;
      else runs.push([i, 1, value]);
    }
    return this.#add({ scaleLog, runs });
  }

  /**
   * Entries of a rotation, each a box of `box` coefficients centred on its multiple of `box`; half a box of the first wraps to
   * the end of the `size` coefficients with its sign changed (X^size = -1).
   */
  boxes(entries: Float64Array, box: number, size: number, scaleLog: number): number {
    const runs: [number, number, number][] = [];
    const add = (start: number, count: number, value: number) => {
      const last = runs.at(-1);
      if (value === 0) return;
      if (last !== undefined && last[0] + last[1] === start && last[2] === value) last[1] += count;
      else runs.push([start, count, value]);
    };
    entries.forEach((value, u) => {
      if (u === 0) add(0, box / 2, value);
      else add(u * box - box / 2, box, value);
    });
    add(size - box / 2, box / 2, -(entries[0] as number));
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
      const runs: [number, number, number][] =
        only === 0 ? [] : [[positions[0] as number, 1, only]];
      return this.#add({ scaleLog, runs });
    }
    const coefficients = new Float64Array(size);
    positions.forEach((position, i) => {
      coefficients[position] = values[i] as number;
    });
    return this.dense(coefficients, scaleLog);
  }

  #add(polynomial: Polynomial): number {
    const key = JSON.stringify(polynomial);
    let id = this.#known.get(key);
    if (id === undefined) {
      id = this.all.push(polynomial) - 1;
      this.#known.set(key, id);
    }
    return id;
  }
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
