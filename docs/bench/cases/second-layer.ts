import { type CompileOptions, encrypted } from 'blindfit';
import { LookupTable } from 'blindfit/tracer';
import type { Case, Figures } from '../case.ts';
import { programFigures } from '../measure.ts';

/**
 * A table of a computed value: c[a[x] + b[y]] with x and y of so many bits, a and b of one bit less. No table of one input
 * replaces it, and one of both would have twice the bits. `ms` is what the compiler makes of it; `ms by lookups` is the time
 * where inputs travel as values, so that all three tables are looked up, as at the peer.
 */
function secondLayer(bits: number, milliseconds: number | null): Case {
  const size = 2 ** bits;
  const tableOf = (f: (i: number) => number): LookupTable =>
    new LookupTable(Array.from({ length: size }, (_, i) => f(i)));
  const a = tableOf((i) => (i ^ (i >> 1)) % (size / 2));
  const b = tableOf((i) => (i * 5 + 7) % (size / 2));
  const c = tableOf((i) => (i * i + 3) % size);
  const figures = (options: CompileOptions): Promise<Figures> =>
    programFigures(
      (x, y) => c.at(a.at(x!).add(b.at(y!))),
      { x: encrypted.uint(bits), y: encrypted.uint(bits) },
      [size - 1, size - 2],
      11,
      options,
    );
  return {
    name: `second-layer-${bits}-bits`,
    ...(milliseconds === null ? {} : { goal: { ms: milliseconds } }),
    run: async () => {
      const chosen = await figures({});
      const { ms, 'evaluation key MB': key, bootstraps } = await figures({ query: 'values' });
      return {
        ...chosen,
        'ms by lookups': ms!,
        'evaluation key MB by lookups': key!,
        'bootstraps by lookups': bootstraps!,
      };
    },
  };
}

export const cases: readonly Case[] = [
  secondLayer(4, null),
  secondLayer(6, null),
  secondLayer(8, null),
  secondLayer(10, 600),
];
