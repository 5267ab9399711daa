import test from 'ava';
import { erfc, log2erfc, marginFor } from '../../../../lib/compiler/parameters/special.ts';

const relative = (given: number, wanted: number) => Math.abs(given / wanted - 1);

test('erfc has the values of the tables', (t) => {
  // Abramowitz and Stegun, and mpmath for the small ones.
  const table: [number, number][] = [
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [1.5, 0.033894853524689274],
    [2, 0.004677734981047266],
    [3, 2.209049699858544e-5],
    [5, 1.5374597944280349e-12],
    [10, 2.088487583762545e-45],
    [20, 5.395865611607901e-176],
  ];
  for (const [x, wanted] of table) t.true(relative(erfc(x), wanted) < 1e-12, `erfc(${x})`);
});

test('log2erfc goes on where erfc underflows', (t) => {
  for (const x of [0.1, 1.4999, 1.5, 4, 12, 25]) {
    t.true(Math.abs(log2erfc(x) - Math.log2(erfc(x))) < 1e-10, `x = ${x}`);
  }
  // erfc(x) = exp(-x^2) / (x sqrt pi) (1 - 1/(2 x^2) + 3/(4 x^4) - ...)
  const x = 100;
  const series = 1 - 1 / (2 * x ** 2) + 3 / (4 * x ** 4) - 15 / (8 * x ** 6);
  const wanted = -x * x * Math.LOG2E + Math.log2(series / (x * Math.sqrt(Math.PI)));
  t.true(relative(log2erfc(x), wanted) < 1e-12);
});

test('erfc and its logarithm are continuous where the method changes', (t) => {
  t.true(relative(erfc(1.5 - 1e-12), erfc(1.5)) < 1e-11);
});

test('marginFor inverts the two-sided tail', (t) => {
  for (const log2Probability of [-0.001, -0.5, -1, -5, -17, -40, -64, -128, -2000]) {
    const z = marginFor(log2Probability);
    const back = log2erfc(z / Math.SQRT2);
    t.true(Math.abs(back - log2Probability) <= 1e-10 * Math.max(1, -log2Probability), `${z}`);
  }
  t.is(marginFor(0), 0);
  t.true(relative(marginFor(-1), 0.6744897501960817) < 1e-12);
});
