import test from 'ava';
import fc from 'fast-check';
import { BlindfitError } from '../../lib/errors.ts';
import { broadcastShapes, matmulShape } from '../../tracer/broadcast.ts';
import * as np from '../../tracer/index.ts';
import { indexAt, sizeOf, stridesOf } from '../../tracer/tensor.ts';

/** Shapes that broadcast together: a common one, of which each drops leading axes and sets some extents to 1. */
const shapes = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
  .chain((common) =>
    fc.tuple(
      ...[0, 1, 2].map(() =>
        fc
          .tuple(fc.nat(common.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
          .map(([drop, ones]) => common.map((n, k) => (ones[k] ? 1 : n)).slice(drop)),
      ),
    ),
  );

/** An element by the definition: the last axes align, an extent of 1 repeats. */
function naiveElement(tensor: np.Tensor, target: readonly number[], flat: number): number {
  const index = indexAt(target, flat).slice(target.length - tensor.shape.length);
  const strides = stridesOf(tensor.shape);
  const offset = index.reduce(
    (sum, i, k) => sum + (tensor.shape[k] === 1 ? 0 : i * strides[k]!),
    0,
  );
  return tensor.data[offset]!;
}

const fill = (shape: readonly number[], start: number): np.Tensor => ({
  shape,
  data: Float64Array.from({ length: sizeOf(shape) }, (_, i) => ((start + i * 7) % 23) - 11),
});

test('operations of two and three arrays agree with a naive loop on random shapes', (t) => {
  fc.assert(
    fc.property(shapes, ([a, b, c]) => {
      const [x, y, z] = [fill(a!, 3), fill(b!, 5), fill(c!, 8)];
      const target = broadcastShapes('test', a!, b!, c!);
      const inputs = [x, y, z].map(({ shape }, k) => {
        return { name: `x${k}`, shape, min: -11, max: 11, encrypted: true };
      });
      const graph = np.trace((u, v, w) => {
        return [np.map((i, j, k) => i * 9 + j * 3 - k, u!, v!, w!), u!.add(v!).add(w!)];
      }, inputs);
      np.verify(graph);
      const [mapped, sum] = np.evaluate(graph, [x, y, z]);
      t.deepEqual([...sum!.shape], target);
      for (let i = 0; i < sizeOf(target); i++) {
        const [p, q, r] = [x, y, z].map((each) => naiveElement(each, target, i)) as [
          number,
          number,
          number,
        ];
        t.is(mapped!.data[i], p * 9 + q * 3 - r);
        t.is(sum!.data[i], p + q + r);
      }
    }),
    { numRuns: 150, seed: 1 },
  );
});

test('shapes that do not broadcast are refused with both of them', (t) => {
  const thrown = t.throws(() => broadcastShapes('add', [2, 3], [2]), { instanceOf: BlindfitError });
  t.is((thrown as BlindfitError).code, 'SHAPE_MISMATCH');
  t.regex(thrown!.message, /^add: .*\[2, 3\] and \[2\]/);
  t.throws(() => broadcastShapes('add', [0], [2]));
});

test('a matrix product needs equal inner extents and no scalars', (t) => {
  t.throws(() => matmulShape([2, 3], [2, 3]), { message: /\[2, 3\] and \[2, 3\]/ });
  t.throws(() => matmulShape([], [3]), { message: /use multiply for scalars/ });
  t.deepEqual(matmulShape([3], [3]).shape, []);
  t.deepEqual(matmulShape([7, 1, 2, 3], [5, 3, 4]).shape, [7, 5, 2, 4]);
});
