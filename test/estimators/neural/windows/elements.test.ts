import test from 'ava';
import { evaluateLayers, evaluateNetwork } from '../../../../estimators/neural/evaluate.ts';
import { additiveForm } from '../../../../estimators/neural/windows/additive.ts';
import { elementsOf } from '../../../../estimators/neural/windows/elements.ts';
import { windowCmux, windowsOf } from '../../../../estimators/neural/windows/group.ts';
import { tabulate } from '../../../../estimators/neural/windows/tabulate.ts';
import { randomNetwork, rowsFor } from '../support.ts';

test('random networks element by element are what they are layer by layer', (t) => {
  for (let seed = 0; seed < 60; seed++) {
    const network = randomNetwork(seed);
    const X = rowsFor(network, 2, seed);
    const grid = network.layers.findIndex(({ kind }) => kind === 'grid');
    const elements = elementsOf(network, grid);
    const { parts, constants } = additiveForm(elements, Number.POSITIVE_INFINITY)!;
    const inputs = Array.from({ length: elements.inputs }, (_, input) => input);
    const expected = evaluateNetwork(network, X).data;
    const [values] = [...evaluateLayers(network, X, [grid])].map(([value]) => value!.data);
    for (let row = 0; row < 2; row++) {
      // Inputs that can have one value only: a table of one entry.
      const levels = (input: number): Float64Array =>
        values!.slice(row * inputs.length + input, row * inputs.length + input + 1);
      const sums = tabulate({ inputs, parts }, elements, levels, constants.length);
      constants.forEach((constant, k) => {
        const own = expected[row * constants.length + k]!;
        t.true(Math.abs(constant + sums[k]! - own) < 1e-9, `seed ${seed}, output ${k}`);
      });
    }
  }
});

const part = (...inputs: number[]) => ({ element: 0, inputs, weights: new Float64Array([1]) });

test('windows: the same inputs are one, and fewer of them join it', (t) => {
  const windows = windowsOf([part(1, 2), part(0, 1, 2), part(1, 2), part(7, 8, 9)], 4, 10);
  t.deepEqual(
    windows.map(({ inputs, parts }) => [inputs, parts.length]),
    [
      [[0, 1, 2], 3],
      [[7, 8, 9], 1],
    ],
  );
});

test('small windows are joined where that takes fewer CMUX', (t) => {
  t.deepEqual(
    windowsOf([part(0, 1), part(1, 2)], 1, 1).map(({ inputs }) => inputs),
    [[0, 1, 2]],
  );
});

test('CMUX of windows: one for each bit, and choices beyond the room of a polynomial', (t) => {
  // Ten outputs in two digits leave room for 6 bits.
  t.deepEqual(
    [1, 6, 7, 8, 12].map((bits) => windowCmux(bits, 10)),
    [1, 6, 7, 9, 69],
  );
});
