import { readFileSync } from 'node:fs';
import test from 'ava';
import * as np from '../../tracer/index.ts';

/** One call and its result, made by test/fixtures/make_numpy_ops.py or make_numpy_arrays.py. */
interface Case {
  readonly name: string;
  readonly arguments: readonly Elements[];
  readonly options: readonly unknown[];
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Elements {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

const cases: readonly Case[] = ['numpy-ops.json', 'numpy-arrays.json'].flatMap((file) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8')),
);
const functions: Readonly<Record<string, unknown>> = { ...np };
const tensor = ({ shape, data }: Elements): np.Tensor => ({ shape, data: Float64Array.from(data) });

/** Which of the arguments are traced; the others are clear. */
const mixes: Readonly<Record<string, (k: number, count: number) => boolean>> = {
  all: () => true,
  first: (k) => k === 0,
  last: (k, count) => k === count - 1,
};

for (const name of new Set(cases.map((each) => each.name))) {
  test(`${name} gives what numpy gives, clear and traced`, (t) => {
    for (const each of cases.filter((other) => other.name === name)) {
      const label = JSON.stringify(each);
      const values = each.arguments.map(tensor);
      compare(t, call(each, values), each, `clear ${label}`);
      if (!values.every(({ data }) => data.every(Number.isInteger))) continue;
      for (const [which, traced] of Object.entries(mixes)) {
        if (name === 'table' && which !== 'first') continue;
        compare(t, callTraced(each, values, traced), each, `${which} traced ${label}`);
      }
    }
  });
}

test('the fixture covers every function of integers', (t) => {
  const covered = new Set(cases.map(({ name }) => name));
  const others = [
    'trace evaluate evaluateAll evaluateBatch evaluateNode prepare consumersOf prune hash verify',
    'print toDot scalarFunction fromTensor toTensor toIntegerTensor slice full zeros ones zerosLike',
    'onesLike constant arange array map astype ndim shapeOf hint refresh tag',
  ].join(' ');
  const missing = Object.entries(functions)
    .filter(([, value]) => typeof value === 'function' && !/^class /.test(`${value}`))
    .map(([name]) => name)
    .filter((name) => !covered.has(name) && !others.split(' ').includes(name));
  t.deepEqual(missing, []);
});

/** Calls the function of a case on its arguments, some of them traced. */
function callTraced(
  each: Case,
  values: readonly np.Tensor[],
  traced: (k: number, count: number) => boolean,
): np.Tensor {
  const chosen = values.map((_, k) => traced(k, values.length));
  const inputs = values.flatMap(({ shape }, k) => {
    return chosen[k] ? [{ name: `x${k}`, shape, min: -1000, max: 1000, encrypted: true }] : [];
  });
  const graph = np.trace((...traced) => {
    let next = 0;
    const args = values.map((value, k) => (chosen[k] ? traced[next++]! : value));
    const result = call(each, args) as np.Traced;
    return result.map(() => 0, { name: 'integerEnd' });
  }, inputs);
  np.verify(graph);
  const outputs = graph.nodes[graph.outputs[0]!]!.inputs;
  const clear = values.filter((_, k) => chosen[k]);
  return np.evaluate({ ...graph, outputs }, clear)[0]!;
}

/** How a case becomes a call, where that is not the function of its name with the arguments, then the options. */
const callers: Readonly<
  Record<string, (values: readonly np.Operand[], options: readonly never[]) => unknown>
> = {
  concatenate: (arrays, [axis]) => np.concatenate(arrays, axis),
  stack: (arrays, [axis]) => np.stack(arrays, axis),
  table: ([x, entries]) => new np.LookupTable(entries as np.Tensor).at(x!),
  at: ([x], [text]) => np.at(x!, ...parseIndex(text!)),
  split: ([x], [parts, axis, k]) => np.split(x!, parts!, axis)[k!],
  arraySplit: ([x], [parts, axis, k]) => np.arraySplit(x!, parts!, axis)[k!],
};

function call({ name, options }: Case, values: readonly np.Operand[]): np.Operand {
  const caller = callers[name];
  if (caller) return caller(values, options as readonly never[]) as np.Operand;
  const f = functions[name] as (...args: unknown[]) => np.Operand;
  return f(...values, ...options);
}

/** The index of a numpy expression: `1:3, None, [0, 2]`. */
function parseIndex(text: string): np.Index[] {
  const parts = text.match(/\[(?:[^[\]]|\[[^\]]*\])*\]|[^,\s]+/g) ?? [];
  return parts.map((part) => {
    if (part === '...') return np.ellipsis;
    if (part === 'None') return np.newAxis;
    if (part.startsWith('[')) return JSON.parse(part);
    if (!part.includes(':')) return Number(part);
    const [start, stop, step] = part.split(':').map((end) => (end ? Number(end) : null));
    return np.slice(start, stop, step ?? 1);
  });
}

function compare(
  t: {
    deepEqual: (a: unknown, b: unknown, m?: string) => boolean;
    true: (a: boolean, m?: string) => boolean;
  },
  result: np.Operand,
  expected: Elements,
  label: string,
): void {
  const { shape, data } = np.toTensor(result as np.ArrayLike);
  t.deepEqual([...shape], [...expected.shape], label);
  t.true(data.length === expected.data.length, label);
  data.forEach((value, i) => {
    const wanted = expected.data[i]!;
    const close = Math.abs(value - wanted) <= 1e-13 * Math.max(1, Math.abs(wanted));
    t.true(
      Number.isInteger(wanted) ? Math.abs(value - wanted) < 1e-9 : close,
      `${label}: ${value}`,
    );
  });
}
