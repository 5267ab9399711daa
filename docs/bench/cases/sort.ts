import { encrypted } from 'blindfit';
import * as np from 'blindfit/tracer';
import type { Case } from '../case.ts';
import { programFigures } from '../measure.ts';

/** Eight values of 4 bits in ascending order. */
export const cases: readonly Case[] = [
  {
    name: 'sort',
    run: () =>
      programFigures(
        (x) => np.sort(x!),
        { x: encrypted.uint(4, [8]) },
        [[7, 3, 15, 0, 9, 3, 12, 8]],
        3,
      ),
  },
];
