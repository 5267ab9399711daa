/** Bounds: fused graphs as cells with their exact ranges. */
import test from 'ava';
import { printCells } from '../../../lib/compiler/print-cells.ts';
import { encrypted } from '../../../lib/index.ts';
import * as np from '../../../tracer/index.ts';
import { pass } from '../../support/passes.ts';

const { int, range, uint } = encrypted;

const cellsOf = (...args: Parameters<typeof pass>): string => printCells(pass(...args).cells);

test('given linear functions, then outputs are forms of the inputs and nothing else', (t) => {
  t.is(
    cellsOf((x, y) => [x!.dot([1, -2]).add(4).subtract(y!), x!.sum().negative()], {
      x: int(4, [2]),
      y: uint(1),
    }),
    `
c0 = input 0  # [-8, 7]
c1 = input 1  # [-8, 7]
c2 = input 2  # [0, 1]
return [] c0 - 2*c1 - 1*c2 + 4
return [] -1*c0 - 1*c1`.trim(),
  );
});

test('given a function, then it is a table over exactly the range of its operand', (t) => {
  t.is(
    cellsOf((x) => x!.subtract(2).map((v) => v ** 2), { x: range(-1, 3) }),
    `
c0 = input 0  # [-1, 3]
c1 = [9, 4, 1, 0, 1][c0 + 1]  # [0, 9]
return [] c1`.trim(),
  );
});

test('given two operands, then the first is the most significant digit of the index', (t) => {
  t.is(
    cellsOf((x, y) => np.map((a, b) => a * b, x!, y!), { x: range(1, 3), y: range(-1, 1) }),
    `
c0 = input 0  # [1, 3]
c1 = input 1  # [-1, 1]
c2 = [-1, 0, 1, -2, 0, 2, -3, 0, 3][3*c0 + c1 - 2]  # [-3, 3]
return [] c2`.trim(),
  );
});

test('given an affine function, then there is no table', (t) => {
  t.is(
    cellsOf((x) => [x!.map((v) => 3 * v - 5), x!.abs(), x!.maximum(-9)], { x: uint(3) }),
    `
c0 = input 0  # [0, 7]
return [] 3*c0 - 5
return [] c0
return [] c0`.trim(),
  );
});

test('given equal tables, then they are one cell', (t) => {
  t.is(
    cellsOf((x) => [x!.map((v) => v % 2), np.remainder(x!, 2), x!.equal(1)], { x: range(0, 2) }),
    `
c0 = input 0  # [0, 2]
c1 = [0, 1, 0][c0]  # [0, 1]
return [] c1
return [] c1
return [] c1`.trim(),
  );
});

test('given a multiple of a cell, then its table reads the cell itself', (t) => {
  t.is(
    cellsOf((x, y) => np.maximum(x!.multiply(3), y!.multiply(0)).map((v) => (v === 3 ? 1 : 0)), {
      x: range(0, 2),
      y: uint(2),
    }),
    `
c0 = input 0  # [0, 2]
c1 = input 1  # [0, 3]
c2 = [0, 1, 0][c0]  # [0, 1]
return [] c2`.trim(),
  );
});

test('given cancelling terms, then they are gone and ranges know it', (t) => {
  const { cells } = pass((x, y) => x!.add(y!).subtract(x!).add(y!), { x: uint(4), y: uint(2) });
  t.is(
    printCells(cells),
    `
c0 = input 0  # [0, 15]
c1 = input 1  # [0, 3]
return [] 2*c1`.trim(),
  );
  t.deepEqual(cells.ranges.at(-1), { min: 0, max: 6 });
});

test('given a choice, then it is a cell; between constants it is linear', (t) => {
  t.is(
    cellsOf((x, y, c) => [np.where(c!, x!, y!), np.where(c!, 5, 2), np.where(c!, y!, y!)], {
      x: uint(2),
      y: int(2),
      c: uint(1),
    }),
    `
c0 = input 0  # [0, 3]
c1 = input 1  # [-2, 1]
c2 = input 2  # [0, 1]
c3 = c2 ? c0 : c1  # [-2, 3]
return [] c3
return [] 3*c2 + 2
return [] c1`.trim(),
  );
});

test('given an input of one value, then it is a constant', (t) => {
  t.is(
    cellsOf((x) => x!.add(1).map((v) => v % 4), { x: range(5, 5) }),
    'return [] 2',
  );
});

test('ranges of a matmul are per output, and of the whole array for its node', (t) => {
  const { cells } = pass(
    (x) =>
      x!.matmul([
        [1, 0],
        [-3, 2],
      ]),
    { x: uint(2, [2]) },
  );
  t.is(
    printCells(cells),
    `
c0 = input 0  # [0, 3]
c1 = input 1  # [0, 3]
return [2] c0 - 3*c1; 2*c1`.trim(),
  );
  t.deepEqual(cells.ranges.at(-1), { min: -9, max: 6 });
});
