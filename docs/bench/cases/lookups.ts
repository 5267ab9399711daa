import { encrypted } from 'blindfit';
import { LookupTable } from 'blindfit/tracer';
import type { Case } from '../case.ts';
import { programFigures } from '../measure.ts';

/** t[x] with t[i] = (i * i + 3) mod 2^bits on a fresh input of so many bits. */
function lookup(bits: number, milliseconds: number): Case {
  const size = 2 ** bits;
  const table = new LookupTable(Array.from({ length: size }, (_, i) => (i * i + 3) % size));
  return {
    name: `lookup-${bits}-bits`,
    goal: { ms: milliseconds, 'evaluation key MB': 2 },
    run: () => programFigures((x) => table.at(x!), { x: encrypted.uint(bits) }, [size - 1], 31),
  };
}

export const cases: readonly Case[] = [
  lookup(2, 3),
  lookup(4, 4),
  lookup(6, 6),
  lookup(8, 8),
  lookup(12, 15),
  lookup(16, 40),
];
