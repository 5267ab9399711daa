/** The pages of docs/reference are what `npm run docs:tables` makes of the code. */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
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
