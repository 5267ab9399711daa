import test from 'ava';
import { confusionMatrix, rocCurve } from '../../estimators/index.ts';
import { plotConfusionMatrix, plotRocCurve } from '../../plot/index.ts';
import { marks, texts } from './support.ts';

const counts = confusionMatrix(['a', 'b', 'b', 'c'], ['a', 'b', 'c', 'c']);

test('a confusion matrix has a cell for each pair of classes, darker for more', async (t) => {
  const svg = await plotConfusionMatrix(counts, {
    labels: ['ant', 'bee', 'a <long> name'],
    title: 'who',
  });
  const cells = marks(svg, 'mark-rect role-mark');
  t.is(cells.length, 9);
  t.is(new Set(cells.map(({ attributes }) => attributes.fill)).size, 2);
  const inside = marks(svg, 'mark-text role-mark').map(({ text }) => text);
  t.deepEqual(inside, ['1', '0', '0', '0', '1', '1', '0', '0', '1']);
  const written = texts(svg);
  for (const text of ['who', 'true', 'predicted']) t.true(written.includes(text));
  for (const text of ['ant', 'bee', 'a <long> name']) {
    t.is(written.filter((own) => own === text).length, 2, text);
  }
});

test('shares have two digits; an empty matrix is white', async (t) => {
  const shares = await plotConfusionMatrix([
    [0.25, 0.75],
    [0, 1],
  ]);
  t.true(['0.25', '0.75', '0.00', '1.00', '0', '1'].every((text) => texts(shares).includes(text)));
  const nothing = await plotConfusionMatrix([[0]]);
  t.is(marks(nothing, 'mark-rect role-mark').length, 1);
});

test('matrices that are none of counts are refused', async (t) => {
  await t.throwsAsync(plotConfusionMatrix([[1, 2]]), { code: 'SHAPE_MISMATCH' });
  await t.throwsAsync(plotConfusionMatrix([]), { code: 'SHAPE_MISMATCH' });
  await t.throwsAsync(plotConfusionMatrix(counts, { labels: ['a'] }), { code: 'SHAPE_MISMATCH' });
  await t.throwsAsync(plotConfusionMatrix([[-1]]), { code: 'OUT_OF_RANGE' });
  await t.throwsAsync(plotConfusionMatrix([[Number.NaN]]), { code: 'NOT_FINITE' });
  await t.throwsAsync(plotConfusionMatrix(counts, { label: [] } as object), { code: 'BAD_OPTION' });
});

test('curves are drawn with their area, over the diagonal', async (t) => {
  const good = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
  const perfect = rocCurve([0, 0, 1, 1], [1, 2, 3, 4]);
  const svg = await plotRocCurve({ good, perfect }, { title: 'two' });
  t.is(marks(svg, 'mark-line role-mark').length, 2);
  t.is(marks(svg, 'mark-rule role-mark').length, 1);
  t.true(texts(svg).includes('good (AUC = 0.750)'));
  t.true(texts(svg).includes('perfect (AUC = 1.000)'));
  // Two perfect curves are two curves, though nothing but their names tells them apart.
  t.is(marks(await plotRocCurve({ a: perfect, b: perfect }), 'mark-line role-mark').length, 2);
});

test('no curves, too many and undefined ones are refused', async (t) => {
  const curve = rocCurve([0, 1], [0, 1]);
  await t.throwsAsync(plotRocCurve({}), { code: 'BAD_OPTION' });
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`curve ${i}`, curve]));
  await t.throwsAsync(plotRocCurve(many), { code: 'BAD_OPTION' });
  await t.throwsAsync(plotRocCurve({ a: rocCurve([1, 1], [0, 1]) }), { code: 'NOT_FINITE' });
});
