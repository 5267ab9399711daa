/**
 * Wrong results of encrypted runs, counted at a promise weak enough to see some. The benchmark cases `failures-*` count many
 * more, down to 2^-9.
 */
import test from 'ava';
import { countFailures, type FailureKind, failureKinds } from '../../../docs/bench/failures.ts';
import { binomialTail } from '../../support/statistics.ts';

const pError = 2 ** -5;
/** Of a test that fails although all is well. */
const falseAlarm = 1e-7;

/** Rows of each kind: as many as take seconds. */
function rowsOf({ name, query }: FailureKind): number {
  if (query === 'values') return 300;
  return name === 'weighted-sum' ? 20_000 : 1_000;
}

let [promised, failed] = [0, 0];

for (const kind of failureKinds)
  test.serial(`no more rows are wrong than promised and predicted: ${kind.name}`, async (t) => {
    const keys = kind.query === 'values' ? 2 : 5;
    const { rows, failures, predicted } = await countFailures(kind, {
      pError,
      rows: rowsOf(kind),
      keys,
    });
    const expected = `promised ${pError * rows}, predicted ${(predicted * rows).toFixed(1)}`;
    t.log(`${failures} of ${rows} are wrong; ${expected}`);
    t.true(predicted <= pError);
    t.true(binomialTail(failures, rows, predicted) > falseAlarm, `${failures}; ${expected}`);
    promised += kind.query === 'values' ? pError * rows : 0;
    failed += kind.query === 'values' ? failures : 0;
  });

test.serial(
  'promises of lookups are not kept by wasting precision: a tenth of what is allowed happens',
  (t) => {
    t.true(failed > promised / 10, `${failed} of ${promised}`);
  },
);

test('tails of binomial distributions', (t) => {
  t.is(binomialTail(0, 10, 0.3), 1);
  t.true(Math.abs(binomialTail(10, 10, 0.5) - 2 ** -10) < 1e-15);
  t.true(Math.abs(binomialTail(6, 10, 0.5) - 386 / 1024) < 1e-12);
  t.true(Math.abs(binomialTail(1, 5, 1e-3) - (1 - 0.999 ** 5)) < 1e-12);
});
