/**
 * Wrong results of encrypted runs, counted at a promise weak enough to see some. The benchmark cases `failures-*` count many
 * more, down to 2^-9.
 */
import test from 'ava';
import { countInterval } from '../../../docs/bench/counts.ts';
import { countFailures, type FailureKind, failureKinds } from '../../../docs/bench/failures.ts';
import { binomialTail } from '../../support/statistics.ts';

const pError = 2 ** -5;
/** Of a test that fails although all is well. */
const falseAlarm = 5e-8;

/** Rows of each kind: as many as take seconds. */
function rowsOf({ name, query }: FailureKind): number {
  if (name === 'gates') return 60;
  if (name === 'computed-product') return 500;
  if (query === 'values') return 300;
  return name === 'weighted-sum' ? 20_000 : 2_000;
}

for (const kind of failureKinds)
  test.serial(
    `as many rows are wrong as predicted, and no more than promised: ${kind.name}`,
    async (t) => {
      const keys = kind.query === 'values' ? 2 : 5;
      const { rows, failures, predicted } = await countFailures(kind, {
        pError,
        rows: rowsOf(kind),
        keys,
      });
      const expected = `promised ${pError * rows}, predicted ${(predicted * rows).toFixed(1)}`;
      t.log(`${failures} of ${rows} are wrong; ${expected}`);
      t.true(predicted <= pError);
      const { low, high } = countInterval(predicted, rows, keys, falseAlarm);
      t.true(
        failures >= low && failures <= high,
        `${failures}, not ${low} to ${high}; ${expected}`,
      );
    },
  );

test('intervals of counts leave out what they say, and are wider where keys differ more', (t) => {
  const [p, rows] = [2 ** -5, 3200];
  const { low, high } = countInterval(p, rows, 1e6, 1e-3);
  t.true(binomialTail(high + 1, rows, p) < 5e-4);
  t.true(1 - binomialTail(low, rows, p) < 5e-4);
  t.true(low > 65 && high < 136, `${low} to ${high}`);
  const few = countInterval(p, rows, 1, 1e-3);
  t.true(few.low < low && few.high > high);
  t.is(countInterval(2 ** -20, 10, 4, 1e-3).low, 0);
});

test('tails of binomial distributions', (t) => {
  t.is(binomialTail(0, 10, 0.3), 1);
  t.true(Math.abs(binomialTail(10, 10, 0.5) - 2 ** -10) < 1e-15);
  t.true(Math.abs(binomialTail(6, 10, 0.5) - 386 / 1024) < 1e-12);
  t.true(Math.abs(binomialTail(1, 5, 1e-3) - (1 - 0.999 ** 5)) < 1e-12);
});
