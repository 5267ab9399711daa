/** `docs/reference/networks.md` is what `npm run docs:ready-networks` makes of the code. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { networkCases } from '../../docs/reference/make/networks/cases.ts';
import { accuracyOf } from '../../docs/reference/make/networks/measure.ts';
import { accuraciesOf, percent } from '../../docs/reference/make/networks/page.ts';

const shown = accuraciesOf(readFileSync('docs/reference/networks.md', 'utf8'));

test('the table has every ready network', (t) => {
  t.deepEqual(
    [...shown.keys()],
    networkCases.map(({ architecture, data }) => `\`${architecture}\` ${data}`),
  );
});

for (const each of networkCases.filter(({ quick }) => quick)) {
  test(`${each.architecture} on ${each.data}: as accurate as the table says`, (t) => {
    const accuracy = percent(accuracyOf(each));
    t.is(
      shown.get(`\`${each.architecture}\` ${each.data}`),
      accuracy,
      'run npm run docs:ready-networks',
    );
  });

  if (each.architecture === 'tabular')
    test(`${each.data}: loses a point at most against floats`, (t) => {
      t.true(
        (each.float as number) - Number(shown.get(`\`tabular\` ${each.data}`)) / 100 <= 0.0105,
      );
    });
}
