import { encrypted } from 'blindfit';
import { LookupTable, slice } from 'blindfit/tracer';
import type { Case } from '../case.ts';
import { programFigures } from '../measure.ts';

/** The new cell by neighbours alive, plus 9 where the cell itself is. */
const rule = new LookupTable(
  Array.from({ length: 18 }, (_, i) => Number(i === 3 || i === 11 || i === 12)),
);

const board = Array.from({ length: 10 }, (_, row) =>
  Array.from({ length: 10 }, (_, column) =>
    Number((row * row + 3 * column + row * column) % 5 < 2),
  ),
);

/** One step of the game of life on an 8 by 8 board inside a border. */
export const cases: readonly Case[] = [
  {
    name: 'life',
    goal: { ms: 80 },
    run: () =>
      programFigures(
        (cells) => {
          const shifted = (row: number, column: number) =>
            cells!.at(slice(row, row + 8), slice(column, column + 8));
          let sum = shifted(1, 1).multiply(9);
          for (const row of [0, 1, 2])
            for (const column of [0, 1, 2])
              if (row !== 1 || column !== 1) sum = sum.add(shifted(row, column));
          return rule.at(sum);
        },
        { board: encrypted.uint(1, [10, 10]) },
        [board],
        11,
      ),
  },
];
