import test from 'ava';
import { plotQuantization } from '../../plot/index.ts';
import { marks, texts } from './support.ts';

test('choices of bits are points of kept accuracy against time', async (t) => {
  const rows = [
    { bits: { first: 9 }, loss: 0, microseconds: 1e6 },
    { bits: { first: 6 }, loss: 0.02, microseconds: 1e4 },
  ];
  const svg = await plotQuantization({ digits: { maxLoss: 0.02, rows } }, { title: 'bits' });
  t.is(marks(svg, 'mark-line role-mark').length, 1);
  for (const text of ['bits', 'digits', 'time per row', 'kept accuracy']) {
    t.true(texts(svg).includes(text), text);
  }
  await t.throwsAsync(plotQuantization({}), { code: 'BAD_OPTION' });
  await t.throwsAsync(plotQuantization({}, { name: '' } as object), { code: 'BAD_OPTION' });
});
