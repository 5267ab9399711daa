/** The page on ONNX names the operators that are there, and no others. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { operators } from '../../models/onnx/operators/operators.ts';

const page = readFileSync('docs/models/onnx.md', 'utf8');
const [, table = ''] = /## Operators\n\n([\s\S]*?)\n\n/.exec(page) ?? [];
const named = new Set(table.match(/\b[A-Z][A-Za-z0-9]+\b/g));
const known = ['', 'qonnx.custom_op.general'].flatMap((domain) => Object.keys(operators[domain]!));

test('every operator is on the page', (t) => {
  t.deepEqual(
    known.filter((name) => !named.has(name)),
    [],
  );
});

test('everything on the page is an operator', (t) => {
  t.deepEqual(
    [...named].filter((name) => !known.includes(name) && name !== 'QONNX'),
    [],
  );
});
