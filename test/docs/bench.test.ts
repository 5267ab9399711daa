import { readFileSync } from 'node:fs';
import test from 'ava';
import { higherIsBetter } from '../../docs/bench/case.ts';
import { comparisons } from '../../docs/bench/comparisons.ts';
import { selectCases } from '../../docs/bench/registry.ts';
import { figureLines, rounded, table } from '../../docs/bench/report.ts';

test('cases have names of their own, in kebab case', async (t) => {
  const names = (await selectCases(() => true)).map(({ name }) => name);
  t.is(new Set(names).size, names.length);
  for (const name of names) t.regex(name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
});

test('every comparison has a case here and a program of that name at the peer', async (t) => {
  const cases = await selectCases(() => true);
  for (const { name, case: ownName = name, program } of comparisons) {
    t.true(
      cases.some((each) => each.name === ownName),
      name,
    );
    const peer = readFileSync(`docs/bench/peers/${program}`, 'utf8');
    t.regex(peer, new RegExp(`["']${name}["']:`));
  }
});

test('a goal is a least value for rates and accuracies, a greatest one for all else', (t) => {
  t.true(higherIsBetter('rows/s'));
  t.false(higherIsBetter('run ms'));
  t.deepEqual(figureLines({ 'rows/s': 5, ms: 5, bits: 5 }, { 'rows/s': 6, ms: 6 }), [
    ['rows/s', '5', '>= 6', 'MISSED'],
    ['ms', '5', '<= 6', 'met'],
    ['bits', '5', '', ''],
  ]);
});

test('figures print with three digits, in columns', (t) => {
  t.deepEqual([0, 0.0001234, 1.23456, 98765.4].map(rounded), ['0', '1.23e-4', '1.23', '98765']);
  t.is(table(['a', 'b'], [['long', '1']]), 'a     b\n----  -\nlong  1');
});
