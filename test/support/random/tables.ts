/** Lookup tables in random programs. */
import { between, type Makes, modulo } from './reader.ts';

export const tables: Makes = {
  table: (read) => {
    const x = read.value(({ min, max }) => max < 256 && min >= -256);
    if (x === null) return null;
    const size = Math.max(x.max + 1, -x.min, 1);
    const [a, b] = [read.number(), read.number()];
    const entries = (k: number) =>
      Array.from({ length: size }, (_, i) => modulo((a + k) * i * i + b, 9) + k);
    const { LookupTable, map } = read.np;
    if (x.shape.length === 0 || read.below(2) === 0) {
      const table = new LookupTable(entries(b));
      const value = read.below(2) === 0 ? table.at(x.value) : map(table, x.value);
      return between(value, b, b + 8);
    }
    const count = x.shape.at(-1)!;
    if (count === 0) return null;
    const all = Array.from({ length: count }, (_, k) => new LookupTable(entries(k)));
    return between(new LookupTable(all).at(x.value), 0, 8 + count);
  },
};
