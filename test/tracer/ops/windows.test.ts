import test from 'ava';
import * as np from '../../../tracer/index.ts';

const x: np.InputDeclaration = {
  name: 'x',
  shape: [1, 2, 4, 4],
  min: 0,
  max: 15,
  encrypted: true,
};
test('a convolution is windows times weights', (t) => {
  const graph = np.trace((v) => np.conv(v!, np.ones([4, 1, 3, 3]), { groups: 2, padding: 1 }), [x]);
  t.is(
    np.print(graph).replace(/ +#/g, ' #'),
    `
%0 = x # int[0, 15] (1, 2, 4, 4)
%1 = 0 # clear int ()
%2 = windows(%0, %1, [3, 3]) # int (1, 2, 9, 16)
%3 = [[[1, 1, 1, 1, 1, 1, 1, 1, 1], [1, ...]]] # clear int (2, 2, 9)
%4 = matmul(%3, %2) # int (1, 2, 2, 16)
%5 = reshape(%4, [1, 4, 4, 4]) # int (1, 4, 4, 4)
return %5`.trim(),
  );
});

test('the largest of a window takes no more comparisons than it has elements inside', (t) => {
  const { nodes } = np.trace((v) => np.maxPool(v!, 3, { padding: 1, strides: 2 }), [x]);
  const compared = nodes.reduce((sum, node) => {
    return node.op === 'map' ? sum + node.shape.reduce((a, b) => a * b, 1) : sum;
  }, 0);
  // Per channel, windows of 4, 6, 6 and 9 elements.
  t.is(compared, 2 * (3 + 5 + 5 + 8));
});

test('what does not fit is refused with the line', (t) => {
  const w = np.ones([2, 2, 3, 3]);
  const cases: [np.TracedFunction, RegExp][] = [
    [
      (v) => np.conv(v!.at(0), w),
      /^conv: weight: the shapes do not fit: given \[2, 2, 3, 3\]; allowed: \[M, 4, 1 extents of a kernel\]; .*windows\.test\.ts:\d+:\d+\)$/,
    ],
    [
      (v) => np.conv(v!.at(0, 0), w),
      /^conv: x: .* given \[4, 4\]; allowed: \[N, C, \.\.\.spatial\], with one spatial axis or more; add axes/,
    ],
    [
      (v) => np.conv(v!, w, { groups: 2 }),
      /^conv: weight: .* allowed: \[M \(a multiple of 2\), 2 \/ 2 groups, 2 extents of a kernel\]/,
    ],
    [(v) => np.conv(v!, w, { groups: 0 }), /^conv: groups: .* given 0; allowed: 1 or more/],
    [(v) => np.conv(v!, w, { bias: [1] }), /^conv: bias: .* given \[1\]; allowed: \[2\]/],
    [
      (v) => np.conv(v!, w, { dilations: 2 }),
      /^conv: .* given 4 elements along axis 0, padding included; allowed: at least 5, as a window has/,
    ],
    [
      (v) => np.conv(v!, w, { strides: 0 }),
      /^conv: strides: .* given 0; allowed: a whole number from 1 on, or one for each of 2 spatial axes/,
    ],
    [(v) => np.conv(v!, w, { strides: [1] }), /^conv: strides: .* given \[1\]; allowed/],
    [
      (v) => np.conv(v!, w, { padding: 'full' as never }),
      /^conv: padding: .* given full; allowed: 'valid', 'same', or a whole number or \[before, after\]/,
    ],
    [(v) => np.conv(v!, w, { padding: [1] }), /^conv: padding: .* given \[1\]; allowed: 'valid'/],
    [
      (v) => np.maxPool(v!, [2, 0]),
      /^maxPool: kernel: .* given \[2, 0\]; allowed: a whole number from 1 on/,
    ],
    [
      (v) => np.maxPool(v!.at(0, 0), 2),
      /^maxPool: the shapes do not fit: given \[4, 4\]; allowed: \[N, C, \.\.\.spatial\]/,
    ],
    [
      (v) => np.maxPool(v!, 1, { padding: 1 }),
      /^maxPool: padding: .* given a window without any element; allowed: less padding/,
    ],
    [
      (v) => np.averagePool(v!, 2, { rounding: 'up' as never }),
      /^averagePool: rounding: .* given up/,
    ],
    [
      (v) => np.averagePool(v!, 5),
      /^averagePool: .* given 4 elements along axis 0.*allowed: at least 5/,
    ],
  ];
  for (const [f, message] of cases) t.throws(() => np.trace(f, [x]), { message }, String(f));
});
