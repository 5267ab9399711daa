import type { Case, Figures } from '../case.ts';
import { countFailures, type FailureKind, failureKinds } from '../failures.ts';

/** Rows enough for so many failures as are promised at most. */
const promisedFailures = { lookups: 25, others: 100 };
const keys = 8;

async function figures(kind: FailureKind): Promise<Figures> {
  const wanted = kind.query === 'values' ? promisedFailures.lookups : promisedFailures.others;
  const result: Figures = {};
  for (const bits of [5, 7, 9]) {
    const pError = 2 ** -bits;
    const counted = await countFailures(kind, { pError, rows: wanted / pError, keys });
    const { rows, failures, predicted, expected } = counted;
    Object.assign(result, {
      [`rows at 2^-${bits}`]: rows,
      [`promised failures at 2^-${bits}`]: pError * rows,
      [`predicted failures at 2^-${bits}`]: predicted * rows,
      [`failures at 2^-${bits}`]: failures,
      [`fewest expected at 2^-${bits}`]: expected.low,
      [`most expected at 2^-${bits}`]: expected.high,
      [`as predicted at 2^-${bits}`]: Number(failures >= expected.low && failures <= expected.high),
    });
  }
  return result;
}

/**
 * Wrong results of encrypted runs at promised probabilities of 2^-5, 2^-7 and 2^-9, beside what was promised and predicted, and
 * whether chance explains the difference (1) or not (0): in 999 of 1000 experiments, if predictions are right.
 */
export const cases: readonly Case[] = failureKinds.map((kind) => ({
  name: `failures-${kind.name}`,
  run: () => figures(kind),
}));
