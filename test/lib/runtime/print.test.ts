import test from 'ava';
import { printProgram } from '../../../lib/runtime/print.ts';
import { circuitProgram, linearProgram, lookupProgram, tableProgram } from './programs.ts';

test('a linear program prints', (t) => {
  t.is(
    printProgram(linearProgram(2)),
    [
      'parameters N=2048',
      '3 inputs, 2 rows a query',
      'query 0: 3 linear slots, row stride 3',
      'glwe0 = linear(query 0, 3 weights) + polynomial0',
      'reply 0: glwe0 at 32 bits, coefficients 2',
      'output 0 = 1 * part0 + 0',
    ].join('\n'),
  );
});

test('each kind of instruction prints on its line', (t) => {
  const lines = [
    ...printProgram(tableProgram()).split('\n'),
    ...printProgram(lookupProgram(0, 1)).split('\n'),
    ...printProgram(circuitProgram(2)).split('\n'),
  ];
  for (const line of [
    'query 0: 4 packed bits',
    'glwe0 = bit0 ? polynomial1 : polynomial0',
    'glwe1 = bit1 ? X^4094 * glwe0 : glwe0',
    'lwe0 = glwe0[7]',
    'lwe3 = 1 * lwe1 + 1 * lwe2 + 1 * 2^60',
    'bootstrap class 0: lwe1@0 = polynomial0[lwe0]; lwe2@0 = polynomial0[small0]',
    'reply 0: lwe4 at 12 bits',
    'circuit bootstrap: bit0, lwe2@2^62 = lwe1',
    'circuit bootstrap: bit1 = lwe3',
  ]) {
    t.true(lines.includes(line), line);
  }
});
