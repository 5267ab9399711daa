import test from 'ava';
import * as np from '../../tracer/index.ts';
import { type Case, call, cases, type Elements, functions, tensor } from '../support/numpy.ts';

/** Functions whose last digits may differ, as every library approximates them in its own way. */
const APPROXIMATE: ReadonlySet<string> = new Set(
  [
    'mean variance std sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh',
    'arctanh hypot arctan2 logaddexp logaddexp2 floatPower degrees rad2deg radians deg2rad',
  ]
    .join(' ')
    .split(' '),
);

/** Functions that take traced integers only, and clear floats too. */
const TRACED_INTEGERS: ReadonlySet<string> = new Set(['sort', 'median']);

/** Arguments with a fraction are multiples of 1 / DYADIC where they are traced: inputs are integers. */
const DYADIC = 1024;

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
      const unit = TRACED_INTEGERS.has(name) ? 1 : DYADIC;
      const whole = values.every(({ data }) => data.every((v) => Number.isInteger(v * unit)));
      if (values.length === 0 || !whole) continue;
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
    'onesLike constant arange array map astype ndim shapeOf hint refresh tag nonzero',
  ].join(' ');
  const missing = Object.entries(functions)
    .filter(([, value]) => typeof value === 'function' && !/^class /.test(`${value}`))
    .map(([name]) => name)
    .filter((name) => !covered.has(name) && !others.split(' ').includes(name));
  t.deepEqual(missing, []);
});

/** Functions of no array. */
const ofNothing = ['eye', 'tri'];

/** Functions of arrays that have an axis. */
const ofAxes = [
  ...[
    'arraySplit',
    'averagePool',
    'concatenate',
    'conv',
    'diag',
    'diagonal',
    'fliplr',
    'flipud',
    'matmul',
  ],
  ...['matrixTrace', 'maxPool', 'moveaxis', 'pad', 'split', 'swapaxes', 'tril', 'triu'],
];

const edges: Readonly<Record<string, (argument: Elements) => boolean>> = {
  'size 0': ({ shape }) => shape.includes(0),
  'size 1': ({ shape }) => shape.length > 0 && shape.every((extent) => extent === 1),
  'rank 0': ({ shape }) => shape.length === 0,
  negative: ({ data }) => data.some((value) => Number(value) < 0),
};

for (const [edge, isAt] of Object.entries(edges))
  test(`the fixture has every function at the edge: ${edge}`, (t) => {
    const names = new Set(cases.map(({ name }) => name));
    for (const each of cases) if (each.arguments.some(isAt)) names.delete(each.name);
    t.deepEqual(
      [...names].sort(),
      edge === 'rank 0' ? [...ofNothing, ...ofAxes].sort() : ofNothing,
    );
  });

/** Calls the function of a case on its arguments, some of them traced. */
function callTraced(
  each: Case,
  values: readonly np.Tensor[],
  traced: (k: number, count: number) => boolean,
): np.Tensor {
  const chosen = values.map((_, k) => traced(k, values.length));
  const given = values.filter((_, k) => chosen[k]);
  const scales = given.map(({ data }) => (data.every(Number.isInteger) ? 1 : DYADIC));
  const inputs = given.map(({ shape }, k) => {
    return { name: `x${k}`, shape, min: -1000, max: 1000, encrypted: true };
  });
  const graph = np.trace((...traced) => {
    const scaled = traced.map((x, k) => (scales[k] === 1 ? x : x.divide(scales[k]!)));
    const args = values.map((value, k) => (chosen[k] ? scaled.shift()! : value));
    const result = call(each, args) as np.Traced;
    return result.map(() => 0, { name: 'integerEnd' });
  }, inputs);
  np.verify(graph);
  const outputs = graph.nodes[graph.outputs[0]!]!.inputs;
  const integers = given.map(({ shape, data }, k) => {
    return { shape, data: data.map((v) => v * scales[k]!) };
  });
  return np.evaluate({ ...graph, outputs }, integers)[0]!;
}

function compare(
  t: {
    deepEqual: (a: unknown, b: unknown, m?: string) => boolean;
    true: (a: boolean, m?: string) => boolean;
  },
  result: np.Operand,
  expected: Case,
  label: string,
): void {
  const { shape, data } = np.toTensor(result as np.ArrayLike);
  t.deepEqual([...shape], [...expected.shape], label);
  t.true(data.length === expected.data.length, label);
  data.forEach((value, i) => {
    const wanted = Number(expected.data[i]!);
    const same = value === wanted || (Number.isNaN(value) && Number.isNaN(wanted));
    const close = Math.abs(value - wanted) <= 2e-15 * Math.abs(wanted);
    const digits =
      APPROXIMATE.has(expected.name) || (expected.name === 'power' && wanted % 1 !== 0);
    t.true(same || (close && digits), `${label}: ${value}`);
  });
}
