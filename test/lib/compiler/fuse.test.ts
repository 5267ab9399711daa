/** Fuse: graphs before and after. */
import test from 'ava';
import { fuse } from '../../../lib/compiler/fuse.ts';
import { encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { pass } from '../../support/passes.ts';

const { int, range, uint } = encrypted;

test('given a chain through floats, when fused, then it is one function of its integer', (t) => {
  const { graph, fused } = pass((x) => np.round(np.tanh(x!.multiply(0.5)).multiply(4)), {
    x: int(3),
  });
  t.is(
    np.print(graph),
    `
%0 = x                 # int[-4, 3] ()
%1 = 0.5               # clear float ()
%2 = multiply(%0, %1)  # float ()
%3 = tanh(%2)          # float ()
%4 = 4                 # clear int ()
%5 = multiply(%3, %4)  # float ()
%6 = round(%5)         # int ()
return %6`.trim(),
  );
  t.is(
    np.print(fused),
    `
%0 = x                                               # int[-4, 3] ()
%1 = round(multiply(tanh(multiply(x, 0.5)), 4))(%0)  # int ()
return %1`.trim(),
  );
});

test('given paths that join again, when fused, then all of them are one function', (t) => {
  const { fused } = pass(
    (x) =>
      x!
        .add(x!.abs())
        .subtract(x!.maximum(2))
        .map((v) => v * v, { name: 'square' }),
    { x: int(3, [2]) },
  );
  t.is(
    np.print(fused),
    `
%0 = x                                                    # int[-4, 3] (2)
%1 = square(subtract(add(x, abs(x)), maximum(x, 2)))(%0)  # int (2)
return %1`.trim(),
  );
});

test('given moved elements, when fused, then the function reads them where they were', (t) => {
  const f: np.TracedFunction = (x) =>
    x!
      .transpose()
      .add(1)
      .reshape([2, 3])
      .map((v) => v * v, { name: 'square' });
  const { graph, fused } = pass(f, { x: range(-2, 1, [2, 3]) });
  t.is(
    np.print(fused),
    `
%0 = x                      # int[-2, 1] (2, 3)
%1 = gather(%0)             # int (2, 3)
%2 = square(add(x, 1))(%1)  # int (2, 3)
return %2`.trim(),
  );
  const x = np.toTensor([
    [-2, -1, 0],
    [1, 0, -2],
  ]);
  t.deepEqual(np.evaluate(fused, [x]), np.evaluate(graph, [x]));
});

test('given a constant by element, when fused, then it is an operand', (t) => {
  const { fused } = pass((x) => np.floor(x!.multiply([0.5, 0.25])), { x: uint(3, [2]) });
  t.is(
    np.print(fused),
    `
%0 = x                               # int[0, 7] (2)
%1 = [0.5, 0.25]                     # clear float (2)
%2 = floor(multiply(x, k1))(%0, %1)  # int (2)
return %2`.trim(),
  );
});

test('given tables by element, when fused, then a clear operand says which', (t) => {
  const tables = new np.LookupTable([new np.LookupTable([3, 1, 2]), new np.LookupTable([0, 0, 5])]);
  const { graph, fused } = pass((x) => tables.at(x!), { x: range(-1, 2, [2]) });
  t.is(
    np.print(fused),
    `
%0 = x                 # int[-1, 2] (2)
%1 = [0, 1]            # clear int (2)
%2 = table(x)(%0, %1)  # int (2)
return %2`.trim(),
  );
  for (const row of [
    [-1, -1],
    [2, 0],
  ])
    t.deepEqual(np.evaluate(fused, [np.toTensor(row)]), np.evaluate(graph, [np.toTensor(row)]));
});

test('given several arrays, when fused, then integers stay apart and floats join', (t) => {
  const { fused } = pass(
    (x, y) => [
      np
        .maximum(x!, y!)
        .add(1)
        .map((v) => v % 3, { name: 'mod' }),
      np.round(np.sqrt(x!.add(y!.multiply(0.5)))),
    ],
    { x: uint(2), y: uint(2) },
  );
  t.is(
    np.print(fused),
    `
%0 = x                                               # int[0, 3] ()
%1 = y                                               # int[0, 3] ()
%2 = maximum(%0, %1)                                 # int ()
%3 = mod(add(x, 1))(%2)                              # int ()
%4 = round(sqrt(add(x, multiply(x1, 0.5))))(%0, %1)  # int ()
return (%3, %4)`.trim(),
  );
});

test('given choices and products of integer arrays, when fused, then they stay', (t) => {
  const { fused } = pass((x, y) => [np.where(x!.less(2), x!, y!), x!.multiply(y!)], {
    x: uint(2),
    y: uint(2),
  });
  t.is(
    np.print(fused),
    `
%0 = x                  # int[0, 3] ()
%1 = y                  # int[0, 3] ()
%2 = less(x, 2)(%0)     # int ()
%3 = where(%2, %0, %1)  # int ()
%4 = multiply(%0, %1)   # int ()
return (%3, %4)`.trim(),
  );
});

test('given promises and refreshed values, when fused, then regions end there', (t) => {
  const { fused } = pass(
    (x) => x!.abs().hint({ min: 0, max: 3 }).square().refresh().minimum(5).add(1),
    { x: int(3) },
  );
  t.is(
    np.print(fused),
    `
%0 = x                   # int[-4, 3] ()
%1 = abs(x)(%0)          # int ()
%2 = assume(%1, 0 to 3)  # int ()
%3 = square(x)(%2)       # int ()
%4 = refresh(%3)         # int ()
%5 = minimum(x, 5)(%4)   # int ()
%6 = 1                   # clear int ()
%7 = add(%5, %6)         # int ()
return %7`.trim(),
  );
});

test('given an approximate rounding, when fused, then it stays whole; an exact one is fused', (t) => {
  const { fused } = pass(
    (x) => [
      x!.abs().roundBits(1, { exactness: 'approximate' }).square(),
      x!.abs().roundBits(1).square(),
    ],
    { x: int(3) },
  );
  t.is(
    np.print(fused),
    `
%0 = x                                                       # int[-4, 3] ()
%1 = abs(x)(%0)                                              # int ()
%2 = roundBits(%1, bits=1, approximate)                      # int ()
%3 = square(x)(%2)                                           # int ()
%4 = square(multiply(rightShift(add(abs(x), 1), 1), 2))(%0)  # int ()
return (%3, %4)`.trim(),
  );
  t.deepEqual(fused.nodes[2]?.op === 'map' && fused.nodes[2].known, {
    function: 'approximateRound',
    bits: 1,
  });
});

test('a fused graph fuses to itself, and is a valid graph', (t) => {
  const { fused } = pass((x, y) => np.maximum(x!, y!.abs()).subtract(x!.multiply(x!)), {
    x: int(3, [2, 2]),
    y: int(2, [2]),
  });
  t.notThrows(() => np.verify(fused));
  t.deepEqual(
    fuse(fused).nodes.map(({ op, inputs, shape }) => ({ op, inputs, shape })),
    fused.nodes.map(({ op, inputs, shape }) => ({ op, inputs, shape })),
  );
});
