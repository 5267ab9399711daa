/** The metrics are scikit-learn's, to the last digits, on what test/fixtures/make_sklearn_metrics.py made. */
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import * as estimators from '../../../estimators/index.ts';
import { BlindfitError } from '../../../lib/errors.ts';

type Plain = number | string | readonly Plain[] | { readonly [name: string]: Plain };

interface Case {
  readonly metric: string;
  readonly yTrue: Plain;
  readonly yPred: Plain;
  readonly options: Record<string, unknown>;
  readonly value?: Plain;
  readonly refused?: string;
  readonly warns: boolean;
}

const file = new URL('../../fixtures/sklearn-metrics.json', import.meta.url);
const { metrics } = JSON.parse(readFileSync(file, 'utf8')) as { metrics: Case[] };
const codes = ['BAD_LABELS', 'BAD_OPTION', 'SHAPE_MISMATCH', 'OUT_OF_RANGE'];

for (const name of new Set(metrics.map(({ metric }) => metric))) {
  // Warnings are of the process, so that tests of one file must not overlap.
  test.serial(`${name} is scikit-learn's`, async (t) => {
    const metric = (estimators as unknown as Record<string, (...values: unknown[]) => unknown>)[
      name
    ]!;
    for (const own of metrics.filter((each) => each.metric === name)) {
      const options = Object.fromEntries(
        Object.entries(own.options).map(([key, value]) => [key, number(value)]),
      );
      const shown = JSON.stringify({ ...own, yTrue: '', yPred: '', value: '' });
      const warnings: Error[] = [];
      const listen = (warning: Error): number => warnings.push(warning);
      process.on('warning', listen);
      if (own.refused === undefined) {
        const value = listed(metric(own.yTrue, own.yPred, options));
        close(t, value, expected(name, own.value!), shown);
      } else {
        const thrown = t.throws(() => metric(own.yTrue, own.yPred, options), undefined, shown);
        t.true(thrown instanceof BlindfitError && codes.includes(thrown.code), shown);
      }
      await new Promise((resolve) => setImmediate(resolve));
      process.off('warning', listen);
      const undefinedOnes = warnings.filter((warning) => warning.name === 'UndefinedMetricWarning');
      t.is(undefinedOnes.length > 0, own.warns, shown);
    }
  });
}

/** The three arrays of a curve by their names; all else as it is. */
function expected(name: string, value: Plain): Plain {
  if (name !== 'rocCurve') return value;
  const [fpr, tpr, thresholds] = value as [Plain, Plain, Plain];
  return { fpr, tpr, thresholds };
}

function number(value: unknown): unknown {
  return value === 'NaN' ? Number.NaN : value;
}

/** Numbers, and arrays and objects of them. */
function listed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!('shape' in value)) {
    return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, listed(own)]));
  }
  const { shape, data } = value as unknown as { shape: number[]; data: Float64Array };
  if (shape.length === 1) return Array.from(data);
  const columns = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, row) =>
    Array.from(data.subarray(row * columns, (row + 1) * columns)),
  );
}

function close(t: ExecutionContext, actual: unknown, wanted: Plain, where: string): void {
  if (typeof wanted === 'number') {
    t.true(Math.abs((actual as number) - wanted) <= 1e-12 * (1 + Math.abs(wanted)), where);
  } else if (typeof wanted === 'string') {
    t.is(String(actual), wanted, where);
  } else {
    t.deepEqual(Object.keys(actual as object), Object.keys(wanted), where);
    for (const [key, own] of Object.entries(wanted)) {
      close(t, (actual as Record<string, unknown>)[key], own, `${where} [${key}]`);
    }
  }
}
