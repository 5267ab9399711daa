import test from 'ava';
import {
  addNoise,
  combineNoise,
  type NoiseOrigin,
  noiseOf,
  noiseTerms,
  noiseVariance,
  scaleNoise,
} from '../../../../lib/compiler/parameters/linear-form.ts';

const independent = () => ({ variance: 1, accumulator: null });
const bootstrap = (accumulator: number | null): NoiseOrigin => ({
  source: { source: 'bootstrap', lookup: 0 },
  accumulator,
});

test('y + y has four times the variance, x + y twice', (t) => {
  const x = noiseOf(0);
  const y = noiseOf(1);
  t.is(noiseVariance(addNoise(y, y), independent), 4);
  t.is(noiseVariance(addNoise(x, y), independent), 2);
  t.is(noiseVariance(scaleNoise(y, 2), independent), 4);
});

test('doubling k times by y = y + y weighs 4^k', (t) => {
  let y = noiseOf(7);
  for (let k = 0; k < 6; k += 1) y = addNoise(y, y);
  t.deepEqual(
    noiseTerms(y, () => bootstrap(null)),
    [{ source: 'bootstrap', lookup: 0, squaredWeight: 4 ** 6 }],
  );
});

test('what is subtracted from itself has no noise', (t) => {
  const y = noiseOf(3);
  const none = addNoise(y, scaleNoise(y, -1));
  t.is(none.size, 0);
  t.is(noiseVariance(none, independent), 0);
  t.deepEqual(
    noiseTerms(none, () => bootstrap(null)),
    [],
  );
});

test('(x + y) + (x - y) is 2x', (t) => {
  const x = noiseOf(0);
  const y = noiseOf(1);
  const joined = combineNoise([
    [addNoise(x, y), 1],
    [
      combineNoise([
        [x, 1],
        [y, -1],
      ]),
      1,
    ],
  ]);
  t.deepEqual([...joined], [[0, 2]]);
});

test('samples of one accumulator add as if equal, whatever their signs', (t) => {
  const form = combineNoise([
    [noiseOf(0), 1],
    [noiseOf(1), -2],
    [noiseOf(2), 3],
  ]);
  const origin = (id: number) => bootstrap(id < 2 ? 5 : null);
  t.deepEqual(noiseTerms(form, origin), [{ source: 'bootstrap', lookup: 0, squaredWeight: 9 + 9 }]);
  const variance = noiseVariance(form, (id) => ({ variance: 2, accumulator: id < 2 ? 5 : null }));
  t.true(Math.abs(variance - 2 * (9 + 9)) < 1e-12);
});

test('an accumulator of several diagrams counts with its longest path; kinds stay apart', (t) => {
  const origins: NoiseOrigin[] = [
    { source: { source: 'diagram', depth: 3 }, accumulator: 1 },
    { source: { source: 'diagram', depth: 8 }, accumulator: 1 },
    { source: { source: 'fresh-glwe' }, accumulator: null },
    { source: { source: 'fresh-glwe' }, accumulator: null },
  ];
  const form = combineNoise(origins.map((_, id) => [noiseOf(id), id + 1] as const));
  const terms = noiseTerms(form, (id) => origins[id] ?? bootstrap(null));
  t.deepEqual(
    new Set(terms.map((term) => JSON.stringify(term))),
    new Set([
      JSON.stringify({ source: 'fresh-glwe', squaredWeight: 9 + 16 }),
      JSON.stringify({ source: 'diagram', depth: 8, squaredWeight: 9 }),
    ]),
  );
});
