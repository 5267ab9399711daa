import { Circuit, compile, encrypted, type Program } from 'blindfit';
import * as np from 'blindfit/tracer';
import type { Case, Figures } from '../case.ts';
import { medianMs } from '../measure.ts';

const elements = 64;

/** Two layers of 4-bit lookups that no single table replaces: each element of the second reads two of the first. */
async function twoLayers(): Promise<Circuit> {
  return compile(
    (x) => {
      const first = x!.map((value) => (value * 5 + 1) % 8);
      const next = np.concatenate([first.at(np.slice(1)), first.at(np.slice(0, 1))]);
      return np.add(first, next).map((value) => (value * value + 3) % 16);
    },
    { x: encrypted.uint(4, [elements]) },
    { query: 'values' },
  );
}

/** The same keys, the same number of bootstraps, nothing else: one layer on fresh values. */
function bare(circuit: Circuit): Circuit {
  const compiled = circuit.toJSON() as { program: Program };
  const layers = circuit.program.instructions.filter((each) => each.op === 'bootstrap');
  const [first] = layers;
  if (first === undefined || layers.length !== 2) throw new Error('not two layers');
  const items = [...first.items, ...first.items].map((item, target) => ({
    ...item,
    outputs: [[0, target] as const],
  }));
  const program: Program = {
    ...circuit.program,
    instructions: [{ ...first, items }],
    replies: circuit.program.replies.map((reply, source) => ({
      ...reply,
      kind: 'lwe',
      source,
      bits: 16,
    })),
  };
  return Circuit.fromJSON({ ...compiled, program });
}

async function figures(): Promise<Figures> {
  const circuit = await twoLayers();
  const plain = bare(circuit);
  const input = Array.from({ length: elements }, (_, i) => (i * 7 + 3) % 16);
  using keys = await circuit.keygen();
  using plainKeys = await plain.keygen();
  const query = circuit.encrypt(keys.secret, input);
  const plainQuery = plain.encrypt(plainKeys.secret, input);
  const result = circuit.decrypt(keys.secret, await circuit.run(keys.evaluation, query));
  if (JSON.stringify(result) !== JSON.stringify(circuit.evaluate(input)))
    throw new Error('wrong result');
  const ms: number[] = [];
  const bareMs: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    ms.push(await medianMs(() => circuit.run(keys.evaluation, query), 1));
    bareMs.push(await medianMs(() => plain.run(plainKeys.evaluation, plainQuery), 1));
  }
  const median = (list: number[]): number => list.sort((a, b) => a - b)[list.length >> 1]!;
  const { bootstraps } = circuit.statistics.lookups;
  return {
    bootstraps,
    ms: median(ms),
    'bare ms': median(bareMs),
    'times bare': median(ms) / median(bareMs),
    'bootstrap ms': median(ms) / bootstraps,
  };
}

/** A lookup of a lookup on 64 elements of 4 bits, beside the bare runtime's time for as many bootstraps. */
export const cases: readonly Case[] = [
  { name: 'chain', goal: { 'times bare': 1.2 }, run: figures },
];
