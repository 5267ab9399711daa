/** The bound of evaluation keys: kept where possible, by smaller gadgets or another engine; else the error says what is. */
import test from 'ava';
import { defaultCalibration } from '../../../lib/compiler/parameters/calibration.ts';
import type { Choice, Requirements } from '../../../lib/compiler/parameters/requirements.ts';
import { searchParameters } from '../../../lib/compiler/parameters/search.ts';
import { type BlindfitError, compile, encrypted } from '../../../lib/index.ts';
import type * as np from '../../../tracer/index.ts';

const { uint } = encrypted;

/** An output of 6 bits that sums 8 diagrams of 12 CMUX over 40 bits. */
const diagrams: Requirements = {
  pError: 2 ** -40,
  polynomialSize: 2048,
  calibration: defaultCalibration,
  bits: { encoding: 'packed', bitCount: 40, cmuxCount: 200 },
  constraints: [
    {
      margin: 2 ** -7,
      terms: [{ source: 'diagram', depth: 12, squaredWeight: 8 }],
      lookup: null,
      keyswitched: false,
      replyBits: null,
      count: 1,
    },
  ],
  circuit: null,
  lookups: [],
};

test('the smaller the bound, the smaller the key and the dearer the rest; a bound that nothing keeps names the least', (t) => {
  const free = searchParameters(diagrams) as Choice;
  t.is(free.kind, 'chosen');
  let { evaluationKeyBytes, objective } = free;
  for (;;) {
    const found = searchParameters({ ...diagrams, maxKeyBytes: evaluationKeyBytes - 1 });
    if (found.kind !== 'chosen') {
      t.deepEqual(found, { kind: 'key-too-large', evaluationKeyBytes });
      break;
    }
    t.true(found.evaluationKeyBytes < evaluationKeyBytes);
    t.true(found.objective > objective * (1 - 1e-9), `${found.objective} after ${objective}`);
    t.true(found.log2Failure <= -40);
    ({ evaluationKeyBytes, objective } = found);
  }
  t.true(evaluationKeyBytes < free.evaluationKeyBytes / 3);
});

test('a bound that is kept anyway changes nothing', (t) => {
  const free = searchParameters(diagrams);
  t.deepEqual(searchParameters({ ...diagrams, maxKeyBytes: 1e9 }), free);
});

const table: np.TracedFunction = (x) => x!.map((v) => (v * v * 37) % 64);

test('a circuit within a bound computes the same', async (t) => {
  const specs = { x: uint(5) };
  const free = await compile(table, specs);
  const bounded = await compile(table, specs, { maxKeyBytes: 150_000 });
  t.true(free.statistics.evaluationKeyBytes > 150_000);
  t.true(bounded.statistics.evaluationKeyBytes <= 150_000);
  for (const x of [0, 7, 31]) t.deepEqual(await bounded.encryptRunDecrypt(x), bounded.evaluate(x));
});

test('lookups are not taken where their key is too large, if diagrams do too', async (t) => {
  const many: np.TracedFunction = (x, y) => x!.multiply(y!).map((v) => v % 7);
  const specs = { x: uint(5, [40]), y: uint(5, [40]) };
  const bounded = await compile(many, specs, { maxKeyBytes: 5e6 });
  t.is(bounded.statistics.lookups.bootstraps, 0);
  t.true(bounded.statistics.evaluationKeyBytes <= 5e6);
});

test('where no way is small enough the error says the least, what was allowed and what to do', async (t) => {
  for (const query of ['values', 'packed'] as const) {
    const thrown = (await t.throwsAsync(
      compile(table, { x: uint(5) }, { query, maxKeyBytes: 1000 }),
      {
        code: 'KEY_TOO_LARGE',
      },
    )) as BlindfitError;
    const least = thrown.details.smallestKeyBytes as number;
    t.true(thrown.message.includes(`at least ${least} bytes`), thrown.message);
    t.true(thrown.message.includes('maxKeyBytes: 1000'), thrown.message);
    t.true(thrown.message.includes(`raise maxKeyBytes to ${least}`), thrown.message);
    t.true(thrown.message.includes("compile with query: 'unpacked'"), thrown.message);
    const { statistics } = await compile(table, { x: uint(5) }, { query, maxKeyBytes: least });
    t.is(statistics.evaluationKeyBytes, least);
  }
  await t.notThrowsAsync(compile(table, { x: uint(5) }, { query: 'unpacked', maxKeyBytes: 0 }));
  await t.notThrowsAsync(compile((x) => x!.add(1), { x: uint(5) }, { maxKeyBytes: 0 }));
});

test('a bound that is none is refused', async (t) => {
  for (const maxKeyBytes of [-1, Number.NaN, '100' as unknown as number])
    await t.throwsAsync(compile(table, { x: uint(5) }, { maxKeyBytes }), { code: 'BAD_OPTION' });
});
