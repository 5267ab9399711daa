import { type CompileOptions, compile, encrypted, type InputSpecs } from 'blindfit';
import type { ClearArray, TracedFunction } from 'blindfit/tracer';
import * as np from 'blindfit/tracer';
import { createRandom } from '../../../lib/random.ts';
import type { Case, Figures } from '../case.ts';

const rows = 10_000;
const turns = 9;

/**
 * Simulation of many rows over clear evaluation of the same, in turns: the median ratio. Where the error probability is
 * large, rows that fail are computed again.
 */
async function ratio(
  f: TracedFunction,
  specs: InputSpecs,
  options: CompileOptions,
): Promise<Figures> {
  const circuit = await compile(f, specs, options);
  const random = createRandom(5);
  const args = circuit.inputs.map(({ shape, min, max }): ClearArray => {
    const size = shape.reduce((a, b) => a * b, rows);
    const data = Float64Array.from({ length: size }, () => min + random.integer(max - min + 1));
    return np.fromTensor({ shape: [rows, ...shape], data });
  });
  const time = async (work: () => unknown): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const evaluating: number[] = [];
  const simulating: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    evaluating.push(await time(() => circuit.evaluateBatch(args)));
    simulating.push(await time(() => circuit.simulateBatch(args)));
  }
  const median = (list: number[]): number => list.sort((a, b) => a - b)[list.length >> 1]!;
  return {
    'evaluate ms': median(evaluating),
    'simulate ms': median(simulating),
    'times evaluation': median(simulating) / median(evaluating),
  };
}

const layers: TracedFunction = (x) => {
  const first = x!.map((value) => (value * 5 + 1) % 8);
  const next = np.concatenate([first.at(np.slice(1)), first.at(np.slice(0, 1))]);
  return np.add(first, next).map((value) => (value * value + 3) % 16);
};

const trees: TracedFunction = (x) => {
  const random = createRandom(7);
  const tree = (depth: number): np.Traced => {
    const low = np.lessEqual(x!.at(random.integer(30)), random.integer(63));
    if (depth === 1) return np.where(low, random.integer(16), random.integer(16));
    return np.where(low, tree(depth - 1), tree(depth - 1));
  };
  return Array.from({ length: 20 }, () => tree(4)).reduce((sum, each) => sum.add(each));
};

const dense: TracedFunction = (x) =>
  np.maximum(
    np.matmul(
      x!,
      Array.from({ length: 16 }, (_, i) => [i % 5, (i * 3) % 5, 2].map((w) => w - 2)),
    ),
    0,
  );

/** Sums whose lowest bits are dropped, exactly or nearly, before a table reads them. */
const rounded: TracedFunction = (x) =>
  np
    .roundBits(np.add(x!, x!.at(np.slice(null, null, -1))), 3, { exactness: 'approximate' })
    .map((value) => (value * value) % 16);

const programs: readonly [name: string, TracedFunction, InputSpecs, CompileOptions][] = [
  ['layers', layers, { x: encrypted.uint(4, [64]) }, { query: 'values' }],
  ['trees', trees, { x: encrypted.uint(6, [30]) }, {}],
  ['dense', dense, { x: encrypted.uint(3, [16]) }, {}],
  ['rounded', rounded, { x: encrypted.uint(6, [64]) }, { query: 'values' }],
];

/** Simulated rows beside the same rows evaluated in clear, also where one row in 128 fails. */
export const cases: readonly Case[] = programs.flatMap(([name, f, specs, options]) =>
  [[`simulate-${name}`, 2 ** -40] as const, [`simulate-${name}-weak`, 2 ** -7] as const].map(
    ([title, pError]) => ({
      name: title,
      goal: { 'times evaluation': 1.5 },
      run: () => ratio(f, specs, { ...options, pError }),
    }),
  ),
);
