import { encrypted } from 'blindfit';
import * as np from 'blindfit/tracer';
import type { Case } from '../case.ts';
import { programFigures } from '../measure.ts';

/** Weights from -2 to 2. */
const weights = Array.from({ length: 16 }, (_, row) =>
  Array.from(
    { length: 8 },
    (_, column) => (((row + 1) * (column + 2) * (row + column) + Math.floor(row / 3)) % 5) - 2,
  ),
);

const input = Array.from({ length: 16 }, (_, i) => (3 * i * i + i) % 8);

/** max(x W, 0) for 16 inputs of 3 bits and 8 columns, exact over the whole range. */
export const cases: readonly Case[] = [
  {
    name: 'dense',
    goal: { ms: 400 },
    run: () =>
      programFigures(
        (x) => np.maximum(np.matmul(x!, weights), 0),
        { x: encrypted.uint(3, [16]) },
        [input],
        5,
      ),
  },
];
