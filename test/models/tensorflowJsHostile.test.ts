/** Layers models that are damaged, hostile or not supported: an error that names the layer, and nothing large made first. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { fromTensorFlowJs } from '../../models/index.ts';
import { refusal } from '../support/random/models/model.ts';
import { tampered, tamperings } from '../support/random/models/tamper.ts';

type Json = Record<string, unknown>;

/** A layer of Keras 2. */
function layer(className: string, name: string, config: Json, ...inputs: string[]): Json {
  const nodes = inputs.length === 0 ? [] : [inputs.map((each) => [each, 0, 0, {}])];
  return { class_name: className, name, config: { name, ...config }, inbound_nodes: nodes };
}

const input = layer('InputLayer', 'in', { batch_input_shape: [null, 2] });
const dense = layer('Dense', 'own', { units: 2, activation: 'relu' }, 'in');

function functional(layers: readonly Json[], output: string, name = 'model'): Json {
  const config = {
    name,
    layers,
    input_layers: [['in', 0, 0]],
    output_layers: [[output, 0, 0]],
  };
  return { class_name: 'Functional', name, config };
}

interface Parts {
  readonly layers?: readonly Json[];
  readonly output?: string;
  readonly model?: Json;
  readonly weights?: readonly Json[];
  readonly bytes?: Uint8Array | readonly Uint8Array[];
}

const kernel = { name: 'own/kernel', shape: [2, 2], dtype: 'float32' };
const bias = { name: 'own/bias', shape: [2], dtype: 'float32' };

/** Reads a model of one dense layer of weights 0, with some parts replaced. */
function read(parts: Parts = {}): unknown {
  const { layers = [input, dense], output = 'own', weights = [kernel, bias] } = parts;
  const { model = functional(layers, output), bytes = new Uint8Array(24) } = parts;
  const weightsManifest = [{ paths: ['one.bin'], weights }];
  return fromTensorFlowJs({ modelTopology: { model_config: model }, weightsManifest }, bytes);
}

const refused = test.macro((t, parts: Parts, code: string, message: RegExp) => {
  t.notThrows(() => read());
  const thrown = t.throws(() => read(parts), { code });
  t.regex(thrown!.message, message);
});

test('too few bytes', refused, { bytes: new Uint8Array(23) }, 'SHAPE_MISMATCH', /23 bytes.*24/);
test('too many bytes', refused, { bytes: new Uint8Array(25) }, 'SHAPE_MISMATCH', /25 bytes.*24/);
test(
  'another number of pieces',
  refused,
  { bytes: [new Uint8Array(12), new Uint8Array(12)] },
  'SHAPE_MISMATCH',
  /2 pieces.*one\.bin/,
);
test(
  'weights of a size that no memory has',
  refused,
  { weights: [{ ...kernel, shape: [2 ** 30, 2 ** 30, 2 ** 30] }, bias] },
  'SHAPE_MISMATCH',
  /24 bytes/,
);
test(
  'shapes that are none',
  refused,
  { weights: [{ ...kernel, shape: [-2, -2] }, bias] },
  'BAD_MODEL',
  /own\/kernel: shape/,
);
test(
  'types of weights, all at once',
  refused,
  {
    weights: [
      { ...kernel, dtype: 'string' },
      { ...bias, dtype: 'complex64' },
    ],
  },
  'UNSUPPORTED',
  /own\/kernel of type string; own\/bias of type complex64/,
);
test(
  'quantized weights without their scale',
  refused,
  { weights: [{ ...kernel, quantization: { dtype: 'uint8', min: 0 } }, bias] },
  'BAD_MODEL',
  /own\/kernel: quantization/,
);
test('one name twice', refused, { weights: [bias, bias, bias] }, 'BAD_MODEL', /own\/bias.*twice/);
test(
  'weights that are NaN',
  refused,
  { bytes: new Uint8Array(Float32Array.of(0, 1, Number.NaN, 0, 0, 0).buffer) },
  'NOT_FINITE',
  /own\/kernel\[2\]/,
);
test(
  'missing weights',
  refused,
  { weights: [{ ...kernel, name: 'other/kernel' }, bias] },
  'BAD_MODEL',
  /own: kernel/,
);
test(
  'weights of another shape',
  refused,
  { weights: [{ ...kernel, shape: [1, 4] }, bias] },
  'SHAPE_MISMATCH',
  /own: kernel.*\[1, 4\].*\[2, 2\]/,
);
test('no topology', refused, { model: 7 as unknown as Json }, 'BAD_MODEL', /model_config/);
test(
  'no layers',
  refused,
  { model: { class_name: 'Sequential', config: { layers: [] } } },
  'BAD_MODEL',
  /layers/,
);
test(
  'a cycle',
  refused,
  { layers: [input, layer('Add', 'a', {}, 'in', 'b'), layer('ReLU', 'b', {}, 'a')], output: 'b' },
  'BAD_MODEL',
  /a cycle through b/,
);
test('a layer that is not there', refused, { output: 'lost' }, 'BAD_MODEL', /lost/);
test('a name twice', refused, { layers: [input, dense, dense] }, 'BAD_MODEL', /two layers own/);
test(
  'an axis without a length',
  refused,
  { layers: [layer('InputLayer', 'in', { batch_input_shape: [null, null] }), dense] },
  'UNSUPPORTED',
  /in: the shape.*\[any\]/,
);
test(
  'shapes that do not fit',
  refused,
  { layers: [input, dense, layer('Reshape', 'r', { target_shape: [3] }, 'own')], output: 'r' },
  'SHAPE_MISMATCH',
  /^r: .*\[2\] as \[3\]/,
);
test(
  'values that no memory holds',
  refused,
  {
    layers: [
      input,
      dense,
      layer('RepeatVector', 'r', { n: 2 ** 10 }, 'own'),
      layer('ZeroPadding1D', 'p', { padding: 2 ** 24 }, 'r'),
    ],
    output: 'p',
  },
  'OUT_OF_RANGE',
  /^p: /,
);
test(
  'windows larger than what they move over',
  refused,
  {
    layers: [
      input,
      layer('Reshape', 'r', { target_shape: [2, 1] }, 'in'),
      layer('MaxPooling1D', 'p', { pool_size: 3 }, 'r'),
    ],
    output: 'p',
  },
  'SHAPE_MISMATCH',
  /^p: .*\[3\].*\[2\]/,
);
test(
  'everything that is not supported, at once',
  refused,
  {
    layers: [
      input,
      layer('LSTM', 'memory', {}, 'in'),
      layer('Dense', 'odd', { units: 2, activation: 'sparsemax' }, 'memory'),
      layer('Dense', 'early', { units: 2, activation: 'softmax' }, 'odd'),
      layer('ReLU', 'sharp', { negative_slope: 0.1, threshold: 1 }, 'early'),
      layer('Dense', 'own', { units: 0, lora_rank: 4 }, 'sharp'),
    ],
  },
  'UNSUPPORTED_OPERATOR',
  /memory: the layer LSTM; odd: activation = "sparsemax".*early: softmax before the last.*sharp: the options.*own: lora_rank = 4; own: units = 0/,
);

test('several inputs and outputs are named', (t) => {
  const model = functional([input, dense], 'own');
  const config = model.config as Json;
  const two = {
    ...model,
    config: {
      ...config,
      input_layers: [
        ['in', 0, 0],
        ['more', 0, 0],
      ],
    },
  };
  t.regex(t.throws(() => read({ model: two }), { code: 'UNSUPPORTED' })!.message, /in, more/);
  const both = {
    ...model,
    config: {
      ...config,
      output_layers: [
        ['own', 0, 0],
        ['in', 0, 0],
      ],
    },
  };
  t.regex(t.throws(() => read({ model: both }), { code: 'UNSUPPORTED' })!.message, /own, in/);
});

test('models inside models end somewhere', (t) => {
  let deep: Json = functional([input, dense], 'own');
  for (let level = 0; level < 20; level++) {
    const inner = { ...deep, name: 'inner', inbound_nodes: [[['in', 0, 0, {}]]] };
    deep = functional([input, inner], 'inner');
  }
  t.throws(() => read({ model: deep }), { code: 'OUT_OF_RANGE' });

  // Ten calls of a model of ten calls of a model of ...
  let wide: Json = functional([input, layer('ReLU', 'own', {}, 'in')], 'own');
  for (let level = 0; level < 8; level++) {
    const nodes = Array.from({ length: 10 }, (_, i) => [
      [i === 0 ? 'in' : 'inner', i === 0 ? 0 : i - 1, 0, {}],
    ]);
    const inner = { ...wide, name: 'inner', inbound_nodes: nodes };
    wide = functional([input, inner], 'inner');
    (wide.config as Json).output_layers = [['inner', 9, 0]];
  }
  t.throws(() => read({ model: wide }), { code: 'OUT_OF_RANGE' });
});

test('chains are longer than the stack of JavaScript is deep', (t) => {
  const length = 9000;
  const chain = Array.from({ length }, (_, i) =>
    layer('Activation', `a${i}`, { activation: 'linear' }, i === 0 ? 'in' : `a${i - 1}`),
  );
  t.notThrows(() =>
    read({
      layers: [input, ...chain.reverse(), layer('Dense', 'own', { units: 2 }, `a${length - 1}`)],
    }),
  );
});

test('graph models say what to do', (t) => {
  const thrown = t.throws(() => fromTensorFlowJs({ format: 'graph-model' }, new Uint8Array(0)), {
    code: 'BAD_MODEL',
  });
  t.regex(thrown!.message, /tfjs_layers_model/);
  t.throws(() => fromTensorFlowJs('{', new Uint8Array(0)), { code: 'BAD_MODEL' });
});

interface Files {
  readonly cases: readonly {
    readonly name: string;
    readonly model: object;
    readonly shards: readonly string[];
    readonly X: number[][];
  }[];
}

test('a file with any one value changed is refused with a code, or read as a model that answers', (t) => {
  const all = ['keras2.json', 'keras3.json', 'tfjs.json'].flatMap((file) => {
    const path = new URL(`../fixtures/tensorflowjs/${file}`, import.meta.url);
    return (JSON.parse(readFileSync(path, 'utf8')) as Files).cases;
  });
  const behaves = fc.property(
    fc.constantFrom(...all),
    tamperings,
    ({ model, shards, X }, tampering) => {
      const bytes = shards.map((shard) => new Uint8Array(Buffer.from(shard, 'base64')));
      const read = refusal(() => fromTensorFlowJs(tampered(model, tampering) as object, bytes));
      if (typeof read !== 'string') refusal(() => read.evaluate(X));
    },
  );
  t.notThrows(() => fc.assert(behaves, { numRuns: 400, includeErrorInReport: true }));
});
