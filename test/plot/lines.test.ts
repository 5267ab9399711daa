import test from 'ava';
import { type Panel, plotLines } from '../../plot/index.ts';
import { marks, texts } from './support.ts';

const panel: Panel = {
  title: 'growth',
  x: { label: 'trees' },
  y: { label: 'time', scale: 'log', unit: 's' },
  series: [
    {
      label: 'ours <&>',
      points: [
        [10, 0.002],
        [20, 0.0041],
        [50, 0.011],
      ],
    },
    {
      label: 'theirs',
      points: [
        [10, 1.5],
        [20, 2.9],
      ],
    },
  ],
};

test('a line and its points for each series, labelled at the end', async (t) => {
  const svg = await plotLines(panel);
  const lines = marks(svg, 'mark-line role-mark');
  t.deepEqual(
    lines.map(({ attributes }) => attributes.stroke),
    ['#0072b2', '#d55e00'],
  );
  t.is(marks(svg, 'mark-symbol role-mark').length, 5);
  const written = texts(svg);
  for (const text of ['growth', 'trees', 'time', 'ours <&>', 'theirs'])
    t.true(written.includes(text));
  // An axis of decades with units; across, a tick where there is a point.
  for (const text of ['1 ms', '10 ms', '100 ms', '1 s', '10 s', '10', '20', '50']) {
    t.true(written.includes(text), text);
  }
});

test('labels never cover each other, however close lines end', async (t) => {
  const series = Array.from({ length: 10 }, (_, i) => ({
    label: `label ${i}`,
    points: [
      [0, i],
      [1, 5 + i / 100],
    ] as const,
  }));
  const svg = await plotLines({ series });
  const labels = marks(svg, 'mark-text role-mark');
  const heights = labels.map(({ attributes }) =>
    Number(/,(-?[\d.]+)\)/.exec(attributes.transform!)![1]),
  );
  heights.sort((a, b) => a - b);
  t.is(heights.length, 10);
  for (const [i, height] of heights.slice(1).entries()) t.true(height - heights[i]! >= 14.9);
  // Two of ten colours come a second time, dashed.
  const dashed = marks(svg, 'mark-line role-mark').filter(
    ({ attributes }) => attributes['stroke-dasharray'] === '6,3',
  );
  t.is(dashed.length, 2);
});

test('a label has one colour in all panels, and panels lie side by side', async (t) => {
  const second = { ...panel, title: 'second', series: [...panel.series].reverse() };
  const svg = await plotLines([panel, second], { title: 'both', columns: 2 });
  const strokes = marks(svg, 'mark-line role-mark').map(({ attributes }) => attributes.stroke);
  t.deepEqual(strokes, ['#0072b2', '#d55e00', '#d55e00', '#0072b2']);
  t.true(['both', 'growth', 'second'].every((text) => texts(svg).includes(text)));
  t.is(await plotLines([panel, second], { title: 'both' }), svg);
});

test('a single point is a plot too', async (t) => {
  const svg = await plotLines({ series: [{ label: 'one', points: [[3, 4]] }] });
  t.is(marks(svg, 'mark-symbol role-mark').length, 1);
});

test('what cannot be drawn is refused', async (t) => {
  const points = [[1, 1]] as const;
  const log = { scale: 'log' } as const;
  const plot = (series: object, options: object = {}): Promise<string> =>
    plotLines({ series: [series], ...options } as Panel);
  await t.throwsAsync(plotLines({ series: [] }), { code: 'BAD_OPTION' });
  await t.throwsAsync(plotLines([]), { code: 'BAD_OPTION' });
  await t.throwsAsync(plot({ label: 'a', points: [] }), { code: 'BAD_OPTION' });
  await t.throwsAsync(plot({ label: 'a', points: [[1, Number.NaN]] }), { code: 'NOT_FINITE' });
  await t.throwsAsync(plot({ label: 'a', points: [[1, 0]] }, { y: log }), { code: 'OUT_OF_RANGE' });
  await t.throwsAsync(plot({ label: 'a', points: [[0, 1]] }, { x: log }), { code: 'OUT_OF_RANGE' });
  await t.throwsAsync(plot({ label: 'a', points }, { x: { unti: 's' } }), { code: 'BAD_OPTION' });
  await t.throwsAsync(plot({ label: 'a', points }, { x: { scale: 'ln' } }), { code: 'BAD_OPTION' });
  await t.throwsAsync(plotLines(panel, { widht: 3 } as object), { code: 'BAD_OPTION' });
  await t.throwsAsync(plotLines(panel, { width: -3 }), { code: 'BAD_OPTION' });
});
