import test from 'ava';
import type { Layer, Network } from '../../../estimators/neural/network.ts';
import { networkShapes } from '../../../estimators/neural/shapes.ts';
import { isNetwork } from '../../../estimators/neural/state.ts';
import { createRandom } from '../../../lib/random.ts';
import { activation, convolution, dense, grid, pool, randomNetwork } from './support.ts';

const random = createRandom(0);

/** A network of these layers on an input of a shape. */
const on = (inputShape: readonly number[], ...layers: Layer[]): Network => ({ inputShape, layers });

test('shapes follow the layers', (t) => {
  const image = [2, 6, 5];
  const conv = { ...convolution(random, -1, 4, image), groups: 2, strides: [2, 1] };
  const network = on(
    image,
    {
      ...conv,
      weights: { shape: [4, 1, 3, 2], data: new Array<number>(24).fill(1) },
      dilations: [1, 2],
      padding: [
        [1, 0],
        [0, 1],
      ],
    },
    {
      ...pool(random, 0, 'maxPool', [3, 4]),
      strides: [1, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
    { kind: 'mean', name: 'mean', input: 1, axes: [1, 2], keepsAxes: false },
    dense(random, 2, 3, 4),
    {
      kind: 'scale',
      name: 'grown',
      input: 3,
      factor: { shape: [2, 1], data: [1, 2] },
      offset: { shape: [], data: [0] },
    },
  );
  t.deepEqual(networkShapes(network), [[4, 3, 4], [4, 2, 2], [4], [3], [2, 3]]);
});

const first = dense(random, -1, 3, 4);
const faults: Record<string, readonly [Network, string]> = {
  'no layers': [on([4]), 'BAD_NETWORK'],
  'an input of no elements': [on([0], first), 'BAD_NETWORK'],
  'a huge input': [on([2 ** 30], first), 'BAD_NETWORK'],
  'a later layer': [on([4], { ...first, input: 0 }), 'BAD_NETWORK'],
  'no layer': [on([4], { ...first, input: 0.5 }), 'BAD_NETWORK'],
  'a dense layer of another width': [on([5], first), 'SHAPE_MISMATCH'],
  'a bias too many': [on([4], { ...first, bias: [0, 0, 0, 0] }), 'SHAPE_MISMATCH'],
  'a weight too few': [
    on([4], { ...first, weights: { ...first.weights, data: first.weights.data.slice(1) } }),
    'SHAPE_MISMATCH',
  ],
  'NaN in weights': [
    on([4], { ...first, weights: { shape: [3, 4], data: new Array<number>(12).fill(Number.NaN) } }),
    'NOT_FINITE',
  ],
  'a weight off its grid': [
    on([4], {
      ...first,
      weights: { shape: [3, 4], data: new Array<number>(12).fill(0.3), steps: [0.2, 0.2, 0.2] },
    }),
    'BAD_NETWORK',
  ],
  'a kernel larger than the value': [
    on([1, 2, 2], {
      ...convolution(random, -1, 1, [1, 2, 2]),
      weights: { shape: [1, 1, 3, 3], data: new Array<number>(9).fill(1) },
      padding: [
        [0, 0],
        [0, 0],
      ],
      dilations: [1, 1],
      groups: 1,
    }),
    'SHAPE_MISMATCH',
  ],
  'a window in the padding': [
    on([1, 2], { ...pool(random, -1, 'maxPool', [2]), kernel: [1], padding: [[2, 0]] }),
    'BAD_NETWORK',
  ],
  'huge padding': [
    on([1, 2], { ...pool(random, -1, 'maxPool', [2]), padding: [[2 ** 40, 0]] }),
    'BAD_NETWORK',
  ],
  'an unknown function': [on([4], activation(-1, 'magic')), 'BAD_NETWORK'],
  'a name of the prototype': [on([4], activation(-1, 'constructor')), 'BAD_NETWORK'],
  'a parameter too few': [on([4], activation(-1, 'elu')), 'SHAPE_MISMATCH'],
  'a step of 0': [on([4], grid(-1, 0, 2)), 'BAD_NETWORK'],
  'steps of other channels': [on([4], { ...grid(-1, 1, 2), step: [1, 2] }), 'SHAPE_MISMATCH'],
  'a table of no grid': [
    on([4], { kind: 'table', name: 'table', input: -1, min: 0, values: [1] }),
    'BAD_NETWORK',
  ],
  'a table with too few values': [
    on([4], grid(-1, 1, 2), { kind: 'table', name: 'table', input: 0, min: 0, values: [1, 2, 3] }),
    'BAD_NETWORK',
  ],
  'values that do not broadcast': [
    on([4], first, { kind: 'add', name: 'sum', inputs: [-1, 0] }),
    'SHAPE_MISMATCH',
  ],
  'a move from elsewhere': [
    on([4], { kind: 'move', name: 'move', inputs: [-1], shape: [1], from: [4], fill: 0 }),
    'BAD_NETWORK',
  ],
  'an axis twice': [
    on([4], { kind: 'sum', name: 'sum', input: -1, axes: [0, 0], keepsAxes: false }),
    'BAD_NETWORK',
  ],
};

for (const [title, [network, code]] of Object.entries(faults)) {
  test(`${title} is refused, with the layer's name`, (t) => {
    const cause = t.throws(() => networkShapes(network), { code });
    const named = network.layers.some(({ name }) => cause.message.includes(name));
    t.true(
      named || network.layers.length === 0 || /input|layers/.test(cause.message),
      cause.message,
    );
  });
}

test('networks from JSON are networks again, and others are refused', (t) => {
  const network = JSON.parse(JSON.stringify(randomNetwork(3))) as Network;
  t.true(isNetwork(network));
  const [layer, ...others] = network.layers as [Layer, ...Layer[]];
  const changed: unknown[] = [
    null,
    [],
    { ...network, more: 1 },
    { ...network, layers: [{ ...layer, more: 1 }, ...others] },
    { ...network, layers: [{ ...layer, kind: 'toString' }, ...others] },
    { ...network, layers: [{ ...layer, input: '-1' }, ...others] },
    { ...network, layers: [null, ...others] },
    { ...network, inputShape: ['2'] },
  ];
  for (const value of changed) t.false(isNetwork(value));
  t.throws(() => isNetwork({ ...network, layers: [{ ...layer, input: 9 }, ...others] }));
});
