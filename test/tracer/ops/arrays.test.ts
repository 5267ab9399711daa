import test from 'ava';
import * as np from '../../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [2, 3], min: 0, max: 15, encrypted: true };
const rows = np.toTensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const run = (f: np.TracedFunction): number[] => [...np.evaluate(np.trace(f, [x]), [rows])[0]!.data];
const refused = (f: np.TracedFunction): { code: string; message: string } => {
  try {
    np.trace(f, [x]);
  } catch (thrown) {
    return thrown as { code: string; message: string };
  }
  return { code: 'none', message: '' };
};

test('array joins traced values and numbers at any depth', (t) => {
  t.deepEqual(
    run((v) =>
      np.array([
        [v!.at(0, 0), 9],
        [0, v!.at(1, 2).add(1)],
      ]),
    ),
    [1, 9, 0, 7],
  );
  t.is(refused((v) => np.array([[v!.at(0, 0)], [1, 2]])).code, 'SHAPE_MISMATCH');
  t.deepEqual(np.shapeOf(np.array([])), [0]);
  const hint = refused((v) => np.sum<np.Operand>([v!.at(0, 0), 1] as never) as np.Traced);
  t.regex(hint.message, /np\.array/);
});

test('where with a clear condition only picks elements', (t) => {
  const graph = np.trace((v) => np.where([true, false, true], v!, -1), [x]);
  t.deepEqual(
    graph.nodes.map(({ op }) => op),
    ['input', 'constant', 'rearrange'],
  );
  t.deepEqual([...np.evaluate(graph, [rows])[0]!.data], [1, -1, 3, 4, -1, 6]);
});

test('where makes any traced condition 0 or 1 first', (t) => {
  const graph = np.trace((v) => np.where(v!.subtract(2), 7, v!), [x]);
  t.deepEqual(
    graph.nodes.slice(-3).map((node) => (node.op === 'map' ? node.name : node.op)),
    ['notEqual', 'constant', 'where'],
  );
  t.deepEqual([...np.evaluate(graph, [rows])[0]!.data], [7, 2, 7, 7, 7, 7]);
  const bit = np.trace((v) => np.where(v!.at(0), 7, 8), [{ ...x, max: 1 }]);
  t.false(bit.nodes.some(({ op }) => op === 'map'));
});

test('methods and functions are the same', (t) => {
  t.deepEqual(
    run((v) => v!.equal(2).logicalOr(v!.greaterEqual(5)).where(v!, 0)),
    [0, 2, 0, 0, 5, 6],
  );
  t.deepEqual(
    run((v) => v!.power(2).remainder(7).floorDivide(2)),
    [0, 2, 1, 1, 2, 0],
  );
  t.deepEqual(
    run((v) => v!.clip(null, 4).minimum(3).maximum(2)),
    [2, 2, 3, 3, 3, 3],
  );
  t.deepEqual(
    run((v) => v!.mean({ axis: 1 }).round()),
    [2, 5],
  );
  t.deepEqual(
    run((v) => v!.flatten().reshape(-1).squeeze().at([5, 0])),
    [6, 1],
  );
  t.deepEqual(
    run((v) => v!.dot([1, 0, -1])),
    [-2, -2],
  );
});

test('clear arrays are made by shape, and keep nothing of their source', (t) => {
  const data = (value: np.ArrayLike): number[] => [...np.toTensor(value).data];
  t.deepEqual(data(np.zeros(2)), [0, 0]);
  t.deepEqual(data(np.ones([2, 1])), [1, 1]);
  t.is(np.full([], 7), 7);
  t.deepEqual(data(np.arange(3)), [0, 1, 2]);
  t.deepEqual(data(np.arange(5, 0, -2)), [5, 3, 1]);
  t.deepEqual(np.toTensor(np.onesLike([[1, 2]])).shape, [1, 2]);
  const source = np.toTensor([1, 2]);
  const copy = np.constant(source);
  source.data[0] = 9;
  t.deepEqual(data(copy), [1, 2]);
  np.trace(
    (v) => {
      t.deepEqual(np.toTensor(np.zerosLike(v!)).shape, [2, 3]);
      t.deepEqual([np.ndim(v!), np.shapeOf(v!)], [2, [2, 3]]);
      return v!;
    },
    [x],
  );
});

test('powers of integers are exact', (t) => {
  t.is(np.power(3, 33), 5559060566555523);
  t.is(np.power(-7, 3), -343);
  t.is(np.power(2, -1), 0.5);
  t.is(np.floorDivide(2 ** 53 - 1, 2 ** 52), 1);
});

test('halves are rounded to even', (t) => {
  t.deepEqual(
    [-1.5, -0.5, 0.5, 1.5, 2.5].map((v) => np.round(v) + 0),
    [-2, 0, 0, 2, 2],
  );
});

test('bad axes, shapes and indices are refused', (t) => {
  t.is(refused((v) => v!.sum({ axis: 2 })).code, 'INDEX_OUT_OF_RANGE');
  t.is(refused((v) => v!.sum({ axis: [0, -2] })).code, 'BAD_OPTION');
  t.is(refused((v) => v!.reshape([4])).code, 'SHAPE_MISMATCH');
  t.is(refused((v) => v!.reshape([-1, -1])).code, 'BAD_OPTION');
  t.is(refused((v) => v!.transpose([0])).code, 'BAD_OPTION');
  t.is(refused((v) => v!.squeeze(0)).code, 'SHAPE_MISMATCH');
  t.is(refused((v) => v!.broadcastTo([3])).code, 'SHAPE_MISMATCH');
  t.is(refused((v) => v!.at(2)).code, 'INDEX_OUT_OF_RANGE');
  t.is(refused((v) => v!.at(0, 0, 0)).code, 'BAD_OPTION');
  t.is(refused((v) => v!.at(np.ellipsis, np.ellipsis)).code, 'BAD_OPTION');
  t.is(refused((v) => v!.at(0.5)).code, 'NOT_AN_INTEGER');
  t.is(refused((v) => np.concatenate([v!, [1]])).code, 'SHAPE_MISMATCH');
  t.is(refused((v) => np.stack([v!, v!.at(0)])).code, 'SHAPE_MISMATCH');
  t.is(refused((v) => v!.clip(null, null)).code, 'BAD_OPTION');
  t.is(refused((v) => v!.astype('int' as never)).code, 'BAD_OPTION');
  t.is(refused((v) => v!.map(3 as never)).code, 'BAD_OPTION');
  t.is(refused((v) => v!.at(np.slice(0, 0)).max({ axis: 0 })).code, 'SHAPE_MISMATCH');
  t.throws(() => np.slice(0, 1, 0), { code: 'BAD_OPTION' });
  t.throws(() => np.zeros([-1]), { code: 'BAD_OPTION' });
});
