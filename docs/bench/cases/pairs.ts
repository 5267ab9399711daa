import { encrypted } from 'blindfit';
import * as np from 'blindfit/tracer';
import type { Case } from '../case.ts';
import { programFigures } from '../measure.ts';

const specs = { x: encrypted.uint(4), y: encrypted.uint(4) };

/** Functions of two 4-bit inputs. */
export const cases: readonly Case[] = [
  {
    name: 'less',
    goal: { ms: 8 },
    run: () => programFigures((x, y) => np.less(x!, y!), specs, [7, 9], 31),
  },
  {
    name: 'multiply',
    goal: { ms: 8 },
    run: () => programFigures((x, y) => np.multiply(x!, y!), specs, [7, 9], 31),
  },
  {
    name: 'maximum',
    goal: { ms: 10 },
    run: () => programFigures((x, y) => np.maximum(x!, y!), specs, [7, 9], 31),
  },
];
