import test from 'ava';
import { type NoiseOrigin, noiseTerms } from '../../../../lib/compiler/parameters/linear-form.ts';
import type { NoiseTerm } from '../../../../lib/compiler/parameters/requirements.ts';

const bootstrap = (accumulator: number | null): NoiseOrigin => ({
  source: { source: 'bootstrap', lookup: 0 },
  accumulator,
});

test('given independent sources, then squares of coefficients add', (t) => {
  const form = new Map([
    [7, 2],
    [8, -3],
  ]);
  t.deepEqual(
    noiseTerms(form, () => bootstrap(null)),
    [{ source: 'bootstrap', lookup: 0, squaredWeight: 4 + 9 }],
  );
});

test('given samples of one accumulator, then they add as if equal, whatever their signs', (t) => {
  const form = new Map([
    [0, 1],
    [1, -2],
    [2, 3],
  ]);
  const origin = (id: number) => bootstrap(id < 2 ? 5 : null);
  t.deepEqual(noiseTerms(form, origin), [{ source: 'bootstrap', lookup: 0, squaredWeight: 9 + 9 }]);
});

test('given several diagrams in one accumulator, then the largest counts of CMUX hold; kinds stay apart', (t) => {
  const origins: NoiseOrigin[] = [
    { source: { source: 'diagram', depth: 3, rounding: 9 }, accumulator: 1 },
    { source: { source: 'diagram', depth: 8 }, accumulator: 1 },
    { source: { source: 'circuit-diagram', depth: 2 }, accumulator: 1 },
    { source: { source: 'circuit-diagram', depth: 1 }, accumulator: 1 },
    { source: { source: 'fresh-glwe' }, accumulator: null },
    { source: { source: 'fresh-glwe' }, accumulator: null },
  ];
  const form = new Map(origins.map((_, id) => [id, id + 1] as const));
  const terms = noiseTerms(form, (id) => origins[id] ?? bootstrap(null));
  t.deepEqual(
    new Map(terms.map((term) => [term.source, term])),
    new Map<string, NoiseTerm>([
      ['fresh-glwe', { source: 'fresh-glwe', squaredWeight: 25 + 36 }],
      [
        'diagram',
        { source: 'diagram', depth: 8, apart: 8, rounding: 9, clear: 0, squaredWeight: 9 },
      ],
      ['circuit-diagram', { source: 'circuit-diagram', depth: 2, squaredWeight: (3 + 4) ** 2 }],
    ]),
  );
});
