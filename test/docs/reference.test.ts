/** The pages of docs/reference are what `npm run docs:tables` and `npm run docs:accuracy` make of the code. */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import {
  accuracyAt,
  bits,
  bitsPlot,
  bitsTitle,
  models,
  sets,
} from '../../docs/reference/make/accuracy/bits.ts';
import { accuracyCases } from '../../docs/reference/make/accuracy/cases.ts';
import { measureCase } from '../../docs/reference/make/accuracy/measure.ts';
import {
  introduction,
  points,
  cellsOf as shownCells,
  tablesOf,
  titleOf,
} from '../../docs/reference/make/accuracy/page.ts';
import { cellsOf, expectedCells, operations, widths } from '../../docs/reference/make/costs.ts';
import { costsIn, costTable } from '../../docs/reference/make/models.ts';
import { numpyFunctions, numpyPage } from '../../docs/reference/make/numpy.ts';
import { costsPlot } from '../../docs/reference/make/plot.ts';

const outdated = 'run npm run docs:tables';
const costs = readFileSync('docs/reference/costs.md', 'utf8');

/** The functions of numpy that Concrete 2.10 takes. */
const takenByConcrete =
  `abs absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh around bitwise_and bitwise_or
  bitwise_xor broadcast_to cbrt ceil clip concatenate copy copysign cos cosh deg2rad degrees divide dot equal exp exp2
  expand_dims expm1 fabs float_power floor floor_divide fmax fmin fmod gcd greater greater_equal heaviside hypot invert
  isfinite isinf isnan lcm ldexp left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and
  logical_not logical_or logical_xor matmul max maximum min minimum mod multiply negative nextafter not_equal ones_like
  positive power rad2deg radians reciprocal remainder reshape right_shift rint round sign signbit sin sinh spacing sqrt
  square squeeze subtract sum tan tanh transpose true_divide trunc where zeros_like`.split(/\s+/);

test('the page of names is made from the code', (t) => {
  t.is(readFileSync('docs/reference/numpy.md', 'utf8'), numpyPage(), outdated);
});

test('every function of the tracer has a first sentence', (t) => {
  const [functions] = numpyPage().split('## Coming from') as [string];
  t.notRegex(functions, /\| {2}\|$/m);
});

test('whatever Concrete takes of numpy has a counterpart', (t) => {
  const names = numpyFunctions();
  t.deepEqual(
    takenByConcrete.filter((name) => !names.has(name)),
    [],
  );
});

// All of the page would take half a minute: of every operation, one width.
for (const [i, operation] of operations.entries()) {
  const column = (2 * i) % widths.length;
  const bits = widths[column] as number;
  test(`the page of costs: ${operation.name} of ${bits} bits`, async (t) => {
    const tables = cellsOf(costs);
    for (const [title, cell] of await expectedCells(operation, bits))
      t.is(tables.get(title)?.get(operation.name)?.[column], cell, `${title}: ${outdated}`);
  });
}

test('the plot shows the page of costs', async (t) => {
  t.is(readFileSync('docs/reference/costs.svg', 'utf8'), await costsPlot(costs), outdated);
});

const pages = readdirSync('docs/estimators').map((name) => `docs/estimators/${name}`);
const modelCosts = new Map(pages.flatMap((page) => [...costsIn(readFileSync(page, 'utf8'))]));

// All models would take half a minute: a third of them.
for (const [i, [name, table]] of [...modelCosts].entries()) {
  if (i % 3 !== 0) continue;
  test(`the costs of ${name} are those of its circuits`, async (t) => {
    t.is(table, await costTable(name), outdated);
  });
}

const accuracy = readFileSync('docs/reference/accuracy.md', 'utf8');
const accuracies = tablesOf(accuracy);
const inaccurate = 'run npm run docs:accuracy';

test('the page of accuracies says what it shows', (t) => {
  t.true(accuracy.startsWith(introduction()), inaccurate);
});

// All of them would take minutes: one case of seventeen.
for (const [i, each] of accuracyCases.entries()) {
  if (i % 17 !== 9) continue;
  const title = titleOf(each);
  test(`the page of accuracies: ${each.set}, ${title}`, (t) => {
    const shown = accuracies.get(each.set)?.get(title) ?? [];
    t.deepEqual([title, ...shown], shownCells(each, measureCase(each)), inaccurate);
  });
}

test('the plot of accuracies shows the page', async (t) => {
  const table = accuracies.get(bitsTitle)!;
  t.is(readFileSync('docs/reference/accuracy.svg', 'utf8'), await bitsPlot(table), inaccurate);
});

for (const [i, steps] of models.entries()) {
  const set = sets[i % sets.length]!;
  const name = `${steps.at(-1)![0]}, ${set}`;
  // Another number of bits for each.
  const nBits = bits[(3 * i) % bits.length]!;
  test(`accuracy at ${nBits} bits: ${name}`, (t) => {
    const shown = accuracies.get(bitsTitle)?.get(name)?.[bits.indexOf(nBits)];
    t.is(shown, points(accuracyAt(set, steps, nBits)), inaccurate);
  });
}
