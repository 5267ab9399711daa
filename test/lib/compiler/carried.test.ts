/** Values carried from run to run: the server hands outputs to the next run without a key. */
import test from 'ava';
import { Circuit, compile, encrypted, type Outputs } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { flat } from '../../support/agreement.ts';
import { pass } from '../../support/passes.ts';

const { int, uint } = encrypted;

const clipped = (x: np.Traced): np.Traced => np.map((v: number) => Math.max(-8, Math.min(7, v)), x);

const specs = { x: int(3, [3]), w: int(4, [3]) };
const initial = [1, -2, 3];

/** A sum that goes on, and the product of what came with it. */
const follow = () =>
  compile((x, w) => [clipped(np.add(w, x)), np.dot(x, w)], specs, {
    calibration: 'default',
    carried: { w: { output: 0, initial } },
  });

test('steps go on where the one before ended, as evaluation says', async (t) => {
  using circuit = await follow();
  t.deepEqual(
    circuit.inputs.map(({ carried }) => carried),
    [undefined, 0],
  );
  using keys = await circuit.keygen();
  let [carried, weights]: [Uint8Array | null, number[]] = [null, initial];
  for (const x of [
    [3, 3, -4],
    [3, -4, -4],
    [-1, 2, -4],
    [3, 3, 3],
  ]) {
    const query = circuit.encrypt(keys.secret, x);
    const outcome = await circuit.step(keys.evaluation, query, carried);
    const expected = circuit.evaluate(x, weights) as np.ClearArray[];
    t.deepEqual(flat(circuit.decrypt(keys.secret, outcome.reply)), flat(expected));
    weights = flat(expected[0] as Outputs);
    carried = outcome.carried!.bytes;
  }
});

test('the first step is the run, and what is carried may begin at 0', async (t) => {
  using circuit = await compile((x, w) => clipped(np.add(w, x)), specs, {
    calibration: 'default',
    carried: { w: { output: 0 } },
  });
  t.deepEqual(flat(await circuit.encryptRunDecrypt([1, 2, -3])), [1, 2, -3]);
  const again = Circuit.fromJSON(JSON.parse(JSON.stringify(circuit)));
  t.deepEqual(flat(again.evaluate([1, 2, -3], [7, 7, 7])), [7, 7, 4]);
});

test('carried values belong to a program, a key and a number of rows, and are checked', async (t) => {
  using circuit = await follow();
  using keys = await circuit.keygen();
  const query = circuit.encrypt(keys.secret, [0, 0, 0]);
  const outcome = await circuit.step(keys.evaluation, query, null);
  const { bytes } = outcome.carried!;
  const given = (carried: unknown) =>
    circuit.step(keys.evaluation, query, carried as Uint8Array | null);
  await t.throwsAsync(given(new Uint8Array(9)), { code: 'BAD_CIPHERTEXT' });
  await t.throwsAsync(given(bytes.slice(0, -8)), { code: 'BAD_CIPHERTEXT' });
  await t.throwsAsync(given(outcome.reply.bytes), { code: 'BAD_CIPHERTEXT' });
  await t.throwsAsync(given(7), { code: 'BAD_CIPHERTEXT' });
  const damaged = Uint8Array.from(bytes);
  damaged[2000]! ^= 1;
  await t.throwsAsync(given(damaged), { code: 'BAD_CIPHERTEXT' });
  using others = await circuit.keygen();
  const foreign = circuit.step(others.evaluation, circuit.encrypt(others.secret, [0, 0, 0]), bytes);
  await t.throwsAsync(foreign, { code: 'WRONG_KEY' });
  using other = await compile((x, w) => clipped(np.subtract(w, x)), specs, {
    calibration: 'default',
    carried: { w: { output: 0 } },
  });
  using otherKeys = await other.keygen();
  const elsewhere = other.step(
    otherKeys.evaluation,
    other.encrypt(otherKeys.secret, [0, 0, 0]),
    bytes,
  );
  await t.throwsAsync(elsewhere, { code: 'WRONG_PROGRAM' });
});

test('a circuit that carries nothing takes and leaves nothing', async (t) => {
  using circuit = await compile((x) => np.add(x, 1), { x: uint(3) }, { calibration: 'default' });
  using keys = await circuit.keygen();
  const query = circuit.encrypt(keys.secret, 3);
  const { reply, carried } = await circuit.step(keys.evaluation, query, null);
  t.is(carried, null);
  t.deepEqual(flat(circuit.decrypt(keys.secret, reply)), [4]);
  using carrying = await follow();
  using otherKeys = await carrying.keygen();
  const other = await carrying.step(
    otherKeys.evaluation,
    carrying.encrypt(otherKeys.secret, [0, 0, 0]),
    null,
  );
  const given = circuit.step(keys.evaluation, query, other.carried!.bytes);
  await t.throwsAsync(given, { code: 'WRONG_PROGRAM' });
});

test('what cannot be carried is refused by name', async (t) => {
  const refused = async (
    code: string,
    f: (x: np.Traced, w: np.Traced) => np.Traced,
    carried: Record<string, unknown>,
  ) => {
    const compiling = compile(f, specs, { calibration: 'default', carried: carried as never });
    return (await t.throwsAsync(compiling, { code }))!.message;
  };
  const sum = (x: np.Traced, w: np.Traced) => clipped(np.add(w, x));
  await refused('BAD_OPTION', sum, { v: { output: 0 } });
  await refused('BAD_OPTION', sum, { w: { output: 1 } });
  await refused('BAD_OPTION', sum, { w: { output: 0, first: 1 } });
  await refused('SHAPE_MISMATCH', sum, { w: { output: 0, initial: [1, 2] } });
  await refused('OUT_OF_RANGE', sum, { w: { output: 0, initial: [1, 2, 8] } });
  await refused('OUT_OF_RANGE', (x, w) => np.add(x, w), { w: { output: 0 } });
  await refused('SHAPE_MISMATCH', (x, w) => np.dot(x, w), { w: { output: 0 } });
  const growing = await refused('UNSUPPORTED', (_, w) => np.negative(np.negative(w)), {
    w: { output: 0 },
  });
  t.regex(growing, /refresh/);
});

test('a carried value has the noise of the lookups that it came from in the run before', (t) => {
  const f: np.TracedFunction = (x, w) => [clipped(np.add(w!, x!)), np.multiply(w!, 3)];
  const { asked } = pass(f, { x: int(3), w: int(4) }, {}, new Map([[1, 0]]));
  const { terms } = asked.requirements.constraints[asked.outputConstraints[1]!]!;
  t.deepEqual(terms, [{ source: 'bootstrap', lookup: 0, squaredWeight: 9 }]);
});
