import test from 'ava';
import type { BlindfitError } from '../../lib/errors.ts';
import * as np from '../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [2], min: -100, max: 155, encrypted: true };
const { AutoRounder, AutoTruncator } = np;
const ranges = { x };
const maps = (graph: np.Graph): (np.NodeOf<'map'> | null)[] =>
  graph.nodes.flatMap((node) => (node.op === 'map' ? [node] : []));

/** The message of what `f` throws. */
function refused(f: () => unknown): string {
  try {
    f();
  } catch (thrown) {
    const { code, message } = thrown as BlindfitError;
    return `${code} ${message}`;
  }
  return 'nothing';
}

test('exact rounding is made of shifts; approximate rounding is one function that is known', (t) => {
  const trace = (f: np.TracedFunction) => np.trace(f, [x]);
  const exact = trace((v) => [v!.roundBits(3), v!.truncateBits(2), np.roundBits(v!, 0)]);
  t.deepEqual(
    maps(exact).map((node) => node?.known),
    [{ function: 'rightShift' }, { function: 'rightShift' }],
  );
  t.is(exact.outputs[2], 0);
  const approximate = trace((v) => [
    v!.roundBits(3, { exactness: 'approximate' }),
    v!.truncateBits(2, { exactness: 'approximate' }),
  ]);
  np.verify(approximate);
  t.deepEqual(
    maps(approximate).map((node) => node?.known),
    [
      { function: 'approximateRound', bits: 3 },
      { function: 'approximateRound', bits: 2 },
    ],
  );
});

test('evaluation in clear is exact, whatever an encrypted run may do', (t) => {
  for (const exactness of ['exact', 'approximate'] as const) {
    const graph = np.trace(
      (v) => [v!.roundBits(3, { exactness }), v!.truncateBits(3, { exactness })],
      [x],
    );
    for (let value = -20; value <= 20; value++) {
      const [round, truncate] = np.evaluate(graph, [np.toTensor([value, 0])]);
      t.is(round!.data[0], Math.floor((value + 4) / 8) * 8 + 0);
      t.is(truncate!.data[0], Math.floor(value / 8) * 8 + 0);
    }
  }
});

test('a rounder drops the fewest bits that leave as many values as its target', (t) => {
  const rounder = new AutoRounder({ targetBits: 4 });
  t.is(rounder.count, null);
  const f: np.TracedFunction = (v) => v!.roundBits(rounder).square();
  t.is(rounder.adjust(f, { x }), rounder);
  t.deepEqual([rounder.count, rounder.range], [5, { min: -100, max: 155 }]);
  const [values] = np.evaluate(np.trace(f, [x]), [np.toTensor([-100, 155])]);
  t.deepEqual([...values!.data], [96 ** 2, 160 ** 2]);

  const truncator = new AutoTruncator({ targetBits: 4 });
  truncator.adjust((v) => v!.add(100).truncateBits(truncator), { x });
  t.is(truncator.count, 4);

  const narrow = new AutoRounder({ targetBits: 8 });
  narrow.adjust((v) => v!.roundBits(narrow), { x });
  t.is(narrow.count, 0);
});

test('what meets a rounder is measured on examples, before it and everywhere', (t) => {
  const rounder = new AutoRounder({ targetBits: 2 });
  const f: np.TracedFunction = (v, w) => [
    v!.add(w!).roundBits(rounder),
    v!.multiply(w!).roundBits(rounder),
  ];
  rounder.adjust(f, [
    [3, 4],
    [-2, 7],
  ]);
  t.deepEqual([rounder.range, rounder.count], [{ min: -14, max: 12 }, 4]);
});

test('declared inputs are drawn independently of each other', (t) => {
  const rounder = new AutoRounder({ targetBits: 4 });
  const range = { min: 0, max: 15, shape: [] };
  rounder.adjust((v, w) => v!.subtract(w!).roundBits(rounder), { v: range, w: range });
  t.deepEqual(rounder.range, { min: -15, max: 15 });
});

test('rounders are adjusted one after the other; one that is not yet lets values through', (t) => {
  const [first, second] = [
    new AutoRounder({ targetBits: 2 }),
    new AutoTruncator({ targetBits: 2 }),
  ];
  const f: np.TracedFunction = (v) => v!.roundBits(first).truncateBits(second);
  first.adjust(f, { x });
  second.adjust(f, { x });
  t.deepEqual(first.range, { min: -100, max: 155 });
  t.deepEqual(second.range, { min: -128, max: 128 });
  t.deepEqual([first.count, second.count], [7, 7]);
});

test('a rounder may be approximate, and survives JSON', (t) => {
  const rounder = new AutoRounder({ targetBits: 4, exactness: 'approximate' });
  t.is(AutoRounder.fromJSON(JSON.parse(JSON.stringify(rounder))).count, null);
  rounder.adjust((v) => v!.roundBits(rounder), { x });
  const json = JSON.parse(JSON.stringify(rounder));
  t.deepEqual(json, {
    rounder: 'AutoRounder',
    targetBits: 4,
    exactness: 'approximate',
    measured: { min: -100, max: 155, count: 5 },
  });
  const copy = AutoRounder.fromJSON(json);
  t.deepEqual(copy.toJSON(), rounder.toJSON());
  const graph = np.trace((v) => v!.roundBits(copy), [x]);
  t.deepEqual(maps(graph)[0]?.known, { function: 'approximateRound', bits: 5 });
  const exact = np.trace((v) => v!.roundBits(copy, { exactness: 'exact' }), [x]);
  t.deepEqual(maps(exact)[0]?.known, { function: 'rightShift' });
});

const trace = (f: np.TracedFunction) => () => np.trace(f, [x]);
const messages: [string, () => unknown, RegExp][] = [
  [
    'a rounder that was not adjusted',
    trace((v) => v!.roundBits(new AutoRounder({ targetBits: 3 }))),
    /^BAD_OPTION roundBits: an option is not valid: given a rounder that has not measured how many bits there are; allowed: an adjusted rounder; call rounder\.adjust\(f, inputs\) before f is compiled \(.*rounder\.test\.ts:\d+:\d+\)$/,
  ],
  [
    'a truncator that rounds',
    trace((v) => v!.roundBits(new AutoTruncator({ targetBits: 3 }))),
    /^BAD_OPTION roundBits: .* allowed: a count of bits, or an AutoRounder; .*rounder\.test\.ts/,
  ],
  [
    'a negative count',
    trace((v) => v!.truncateBits(-1)),
    /^BAD_OPTION truncateBits: .*: given -1; allowed: a count of bits from 0 to 52, or a rounder; .*rounder\.test\.ts/,
  ],
  [
    'a float',
    trace((v) => v!.divide(2).roundBits(1)),
    /^NOT_AN_INTEGER roundBits: a value is not an integer: given a float; round it, or call toInteger\(\), first/,
  ],
  [
    'an unknown exactness',
    trace((v) => v!.roundBits(1, { exactness: 'about' as never })),
    /^BAD_OPTION roundBits: exactness: .*: given about; allowed: 'exact' or 'approximate'/,
  ],
  [
    'no target',
    () => new AutoRounder({ targetBits: 0 }),
    /^BAD_OPTION targetBits: .*: given 0; allowed: 1 to 52/,
  ],
  [
    'a bare number of bits',
    () => new AutoRounder(4 as never),
    /^BAD_OPTION rounder: options: .*: given 4; allowed: .*; write \{ targetBits: 4 \}$/,
  ],
  [
    'a misspelt option',
    () => new AutoRounder({ targetBits: 4, exact: false } as never),
    /^BAD_OPTION rounder: options: .*: given \{ exact \}; allowed: \[targetBits, exactness\]/,
  ],
  [
    'a function without the rounder',
    () => new AutoRounder({ targetBits: 3 }).adjust((v) => v!, ranges),
    /^BAD_OPTION adjust: .*: given a function that does not use this rounder; call roundBits\(x, rounder\) in it/,
  ],
  [
    'no examples',
    () => new AutoRounder({ targetBits: 3 }).adjust((v) => v!, []),
    /^BAD_OPTION examples: .*: given none; allowed: one/,
  ],
  [
    'examples of several shapes',
    () => new AutoRounder({ targetBits: 3 }).adjust((v) => v!, [[[1, 2]], [[1]]]),
    /^SHAPE_MISMATCH examples\[1\]\[0\]: .*: given \[1\]; allowed: \[2\]/,
  ],
  [
    'JSON of another class',
    () => AutoTruncator.fromJSON(new AutoRounder({ targetBits: 3 }).toJSON()),
    /^BAD_JSON AutoTruncator\.fromJSON: .*: given AutoRounder; allowed: AutoTruncator/,
  ],
  [
    'JSON without its measurement',
    () => AutoRounder.fromJSON({ rounder: 'AutoRounder', targetBits: 3, measured: {} }),
    /^BAD_JSON AutoRounder\.fromJSON: .*: given \{\}/,
  ],
];

for (const [what, f, message] of messages) {
  test(`refused: ${what}`, (t) => t.regex(refused(f), message));
}
