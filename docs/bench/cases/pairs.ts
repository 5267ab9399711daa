import { encrypted } from 'blindfit';
import type { Traced } from 'blindfit/tracer';
import * as np from 'blindfit/tracer';
import type { Case } from '../case.ts';
import { programFigures } from '../measure.ts';

/** A function of two inputs of so many bits. */
function pair(
  name: string,
  f: (x: Traced, y: Traced) => Traced,
  bits: number,
  milliseconds: number | null,
): Case {
  const specs = { x: encrypted.uint(bits), y: encrypted.uint(bits) };
  const args = [2 ** (bits - 1) - 1, 2 ** (bits - 1) + 1];
  return {
    name,
    ...(milliseconds === null ? {} : { goal: { ms: milliseconds } }),
    run: () => programFigures((x, y) => f(x!, y!), specs, args, 31),
  };
}

export const cases: readonly Case[] = [
  pair('less', (x, y) => np.less(x, y), 4, 8),
  pair('multiply', (x, y) => np.multiply(x, y), 4, 8),
  pair('maximum', (x, y) => np.maximum(x, y), 4, 10),
  pair('less-8-bits', (x, y) => np.less(x, y), 8, null),
  pair('multiply-8-bits', (x, y) => np.multiply(x, y), 8, null),
  pair('maximum-8-bits', (x, y) => np.maximum(x, y), 8, null),
];
