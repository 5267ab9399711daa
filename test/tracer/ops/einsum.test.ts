import test from 'ava';
import type { ErrorCode } from '../../../lib/errors.ts';
import * as np from '../../../tracer/index.ts';

const x: np.InputDeclaration = { name: 'x', shape: [2, 3], min: 0, max: 7, encrypted: true };
const printed = (f: np.TracedFunction): string => np.print(np.trace(f, [x]));

test('two operands become one matrix product, as matmul records it', (t) => {
  const weights = [[1, 2, 3]];
  const text = printed((v) => np.einsum<np.Operand>('ij,kj->ik', v!, weights) as np.Traced);
  t.regex(text, /%\d+ = matmul\(%0, %\d+\)/);
  t.notRegex(text, /multiply|sum/);
});

test('letters of one operand that nothing needs are summed first', (t) => {
  const text = printed((v) => np.einsum<np.Operand>('ij,k->k', v!, [1, 2]) as np.Traced);
  t.regex(text, /sum\(%0, axes=\[0, 1\]\)/);
});

const refused: readonly [text: string, count: number, code: ErrorCode, message: RegExp][] = [
  ['i...->i', 1, 'BAD_OPTION', /given i\.\.\.->i; allowed: letters, commas and ->; write as/],
  ['ij', 2, 'BAD_OPTION', /given ij for 2 operands; allowed: as many as operands/],
  ['ij->ii', 1, 'BAD_OPTION', /given ij->ii; allowed: each letter of the result once/],
  ['ij->ik', 1, 'BAD_OPTION', /given ij->ik; allowed: each letter of the result once/],
  ['ijk->i', 1, 'BAD_OPTION', /given ijk for shape \[2, 3\]; allowed: a letter for each axis/],
  ['ij,jk->ik', 2, 'SHAPE_MISMATCH', /given j of 3 and of 2 elements in ij,jk->ik; allowed: one/],
  ['ii->i', 1, 'SHAPE_MISMATCH', /given i of 2 and of 3 elements in ii->i/],
];

for (const [text, count, code, message] of refused)
  test(`refused: ${text} of ${count}`, (t) => {
    const call: np.TracedFunction = (v) =>
      np.einsum(text, ...(new Array(count).fill(v) as [np.Traced]));
    const thrown = t.throws(() => np.trace(call, [x]), { code, message });
    t.regex(thrown!.message, /^einsum: .*einsum\.test\.ts:\d+:\d+\)$/);
  });
