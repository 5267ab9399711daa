/** Every network of the fixtures becomes integers, or is refused for a reason that is written down here. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { createRandom } from '../../../lib/random.ts';
import { fromOnnx, fromTensorFlowJs, quantize } from '../../../models/index.ts';
import { onnxFixtures } from '../onnx/support.ts';
import type { Imported } from '../support.ts';

/** What is refused, and why that is right. */
const refused: Readonly<Record<string, string>> = {
  'activations, Keras 2':
    'thirteen functions one after the other with random weights: outputs hardly vary, and roundings add up to more than that',
};

interface KerasCase {
  readonly name: string;
  readonly model: object;
  readonly shards: readonly string[];
  readonly X: readonly unknown[];
}

interface Case {
  readonly name: string;
  readonly read: () => Imported;
  readonly features: number;
}

function kerasCases(file: string): Case[] {
  const path = new URL(`../../fixtures/tensorflowjs/${file}.json`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly KerasCase[] };
  return cases.map(({ name, model, shards, X }) => ({
    name,
    read: () =>
      fromTensorFlowJs(
        model,
        shards.map((shard) => new Uint8Array(Buffer.from(shard, 'base64'))),
      ),
    features: sizeOfRow(X),
  }));
}

function onnxCases(file: string): Case[] {
  return onnxFixtures(file).map(({ name, bytes, X }) => ({
    name: `${file}: ${name}`,
    read: () => fromOnnx(bytes),
    features: sizeOfRow(X),
  }));
}

function sizeOfRow([row]: readonly unknown[]): number {
  return [row].flat(Number.POSITIVE_INFINITY).length;
}

/** Rows of normal numbers, which random weights meet as well as any. */
function normalRows(count: number, features: number): number[][] {
  const random = createRandom(7);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, () => Array.from({ length: features }, normal));
}

/** Files of one and the same network in another format, or of another version of its library, ask nothing new. */
const isAgain = (name: string): boolean =>
  name.includes('through .keras') || name.endsWith('Keras 3') || name.startsWith('onnx-dynamo: ');

const cases = [
  ...['keras2', 'keras3', 'tfjs'].flatMap(kerasCases),
  ...['onnx-torch', 'onnx-dynamo', 'onnx-keras', 'onnx-sklearn'].flatMap(onnxCases),
].filter(({ name }, _, all) => !isAgain(name) || !all.some(isSameAs(name)));

/** Whether another case has the network of this one. */
function isSameAs(name: string): (other: Case) => boolean {
  const plain = name.replace(' through .keras', '').replace('Keras 3', 'Keras 2');
  const first = plain.replace('onnx-dynamo', 'onnx-torch');
  return (other) => other.name !== name && other.name === first;
}

for (const { name, read, features } of cases) {
  test(`${name}: ${name in refused ? `refused: ${refused[name]}` : 'becomes integers'}`, (t) => {
    const X = normalRows(40, features);
    if (name in refused) {
      t.throws(() => quantize(read(), X, { maxLoss: 0.2 }), { code: 'QUANTIZATION_LOSS' });
      return;
    }
    const { model, report } = quantize(read(), X, { maxLoss: 0.2 });
    t.true(report.rows.at(-1)!.loss <= 0.2);
    t.is((model.predict(X.slice(0, 2)) as { shape: number[] }).shape[0], 2);
  });
}
