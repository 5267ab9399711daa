import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { type Fold, KFold, StratifiedKFold } from '../../../estimators/index.ts';

const file = new URL('../../fixtures/sklearn-metrics.json', import.meta.url);
const { folds } = JSON.parse(readFileSync(file, 'utf8')) as {
  folds: { splitter: string; y: (number | string)[]; nSplits: number; tests: number[][] }[];
};
const splitters = { KFold, StratifiedKFold };
const rowsOf = (y: readonly unknown[]): number[][] => y.map((_, row) => [row]);

for (const { splitter, y, nSplits, tests } of folds) {
  test(`${splitter}: ${nSplits} parts of ${y.length} rows (${y[0]}) are scikit-learn's`, (t) => {
    const made = new splitters[splitter as keyof typeof splitters]({ nSplits }).split(rowsOf(y), y);
    t.deepEqual(
      made.map(([, rows]) => Array.from(rows)),
      tests,
    );
    checkPartition(made, y.length);
  });
}

test('shuffled parts hold every row once, keep sizes and shares, and follow the seed', (t) => {
  const labels = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 12, maxLength: 40 });
  fc.assert(
    fc.property(labels, fc.integer({ min: 2, max: 4 }), fc.nat(1000), (y, nSplits, randomState) => {
      for (const Splitter of [KFold, StratifiedKFold]) {
        const parts = (options: object): Fold[] =>
          new Splitter({ nSplits, ...options }).split(rowsOf(y), y);
        const plain = parts({});
        const shuffled = parts({ shuffle: true, randomState });
        checkPartition(shuffled, y.length);
        const counts = (made: Fold[]): number[][] =>
          made.map(([, rows]) =>
            Splitter === KFold
              ? [rows.length]
              : [0, 1, 2].map((label) => Array.from(rows).filter((row) => y[row] === label).length),
          );
        t.deepEqual(counts(shuffled), counts(plain));
        t.deepEqual(parts({ shuffle: true, randomState }), shuffled);
      }
    }),
    { numRuns: 40 },
  );
  const order = (randomState: number): Fold[] =>
    new KFold({ shuffle: true, randomState }).split(rowsOf(Array(20).fill(0)));
  t.notDeepEqual(order(1), order(2));
});

test('too many parts and options that make no sense are refused', (t) => {
  const y = [0, 0, 1, 1];
  t.throws(() => new KFold({ nSplits: 5 }).split(rowsOf(y)), { code: 'BAD_OPTION' });
  t.throws(() => new StratifiedKFold({ nSplits: 3 }).split(rowsOf(y), y), { code: 'BAD_OPTION' });
  t.throws(() => new StratifiedKFold({ nSplits: 2 }).split(rowsOf(y), [0, 1]), {
    code: 'SHAPE_MISMATCH',
  });
  for (const Splitter of [KFold, StratifiedKFold]) {
    for (const options of [{ nSplits: 1 }, { nSplits: 2.5 }, { randomState: 1 }, { splits: 3 }]) {
      t.throws(() => new Splitter(options as object), { code: 'BAD_OPTION' });
    }
  }
  t.is(new KFold().getNSplits(), 5);
});

/** Every row is held out once, and learned from otherwise. */
function checkPartition(made: readonly Fold[], rows: number): void {
  const held = made.flatMap(([, own]) => Array.from(own)).sort((a, b) => a - b);
  if (held.join() !== [...Array(rows).keys()].join()) throw new Error(`held out: ${held}`);
  for (const [train, own] of made) {
    const all = [...train, ...own].sort((a, b) => a - b);
    if (all.join() !== [...Array(rows).keys()].join()) throw new Error(`${train} and ${own}`);
  }
}
