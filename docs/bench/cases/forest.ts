import { encrypted } from 'blindfit';
import type { Traced } from 'blindfit/tracer';
import * as np from 'blindfit/tracer';
import { createRandom, type Random } from '../../../lib/random.ts';
import type { Case } from '../case.ts';
import { programFigures } from '../measure.ts';

const features = 30;
const bits = 6;
const trees = 50;
const depth = 4;

/** A full tree of random splits with leaves of 4 bits. */
function tree(x: Traced, levels: number, random: Random): Traced {
  const low = np.lessEqual(x.at(random.integer(features)), random.integer(2 ** bits - 1));
  if (levels === 1) return np.where(low, random.integer(16), random.integer(16));
  return np.where(low, tree(x, levels - 1, random), tree(x, levels - 1, random));
}

/** The sum of 50 random trees of depth 4 over 30 features of 6 bits, exact. */
export const cases: readonly Case[] = [
  {
    name: 'forest',
    goal: { ms: 100, 'query KB': 256, 'evaluation key MB': 2 },
    run: () =>
      programFigures(
        (x) => {
          const random = createRandom(7);
          const all = Array.from({ length: trees }, () => tree(x!, depth, random));
          return all.reduce((sum, each) => sum.add(each));
        },
        { x: encrypted.uint(bits, [features]) },
        [Array.from({ length: features }, (_, i) => (i * 37 + 11) % 2 ** bits)],
        11,
      ),
  },
];
