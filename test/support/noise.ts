/** Measures the noise of encrypted outputs in units of what the parameter search predicts. */

import { emitProgram } from '../../lib/compiler/emit/program.ts';
import type { QueryForm } from '../../lib/compiler/lower/prices.ts';
import { defaultCalibration } from '../../lib/compiler/parameters/calibration.ts';
import { searchParameters } from '../../lib/compiler/parameters/search.ts';
import { requirementsOf } from '../../lib/compiler/requirements.ts';
import { scalarsOf } from '../../lib/compiler/rows.ts';
import type { InputSpecs } from '../../lib/compiler/specs.ts';
import { decrypt, encrypt } from '../../lib/runtime/ciphertexts.ts';
import { generateKeys } from '../../lib/runtime/keys.ts';
import { loadProgram } from '../../lib/runtime/load.ts';
import type { Program } from '../../lib/runtime/program.ts';
import { run } from '../../lib/runtime/run.ts';
import { evaluate } from '../../tracer/evaluate.ts';
import type { NodeOf } from '../../tracer/graph.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import type { TracedFunction } from '../../tracer/trace.ts';
import { pass } from './passes.ts';

export interface NoiseOptions {
  readonly query: QueryForm;
  readonly pError: number;
  /** Key pairs, and runs of each: noise depends on both. */
  readonly keys: number;
  readonly runs: number;
}

export interface MeasuredNoise {
  /** Mean square of errors over the predicted variance; the prediction is an upper bound of the mean. */
  readonly ratio: number;
  /** Mean of the errors over the predicted standard deviation: 0 but for sampling. */
  readonly mean: number;
  readonly count: number;
}

/** Bits below the unit of an output that are decrypted. */
const fractionBits = 16;

/**
 * Runs a function with one part per output on random inputs and decrypts each part with its fraction: the error is the
 * noise itself, so that a few hundred outputs give its variance, however rarely it would round to a wrong integer.
 */
export async function measureNoise(
  f: TracedFunction,
  specs: InputSpecs,
  { query, pError, keys, runs }: NoiseOptions,
): Promise<MeasuredNoise> {
  const { graph, plan, placed } = pass(f, specs, { bits: query !== 'values' });
  const asked = requirementsOf(plan, placed, {
    pError,
    polynomialSize: 2048,
    query,
    calibration: defaultCalibration,
  });
  const found = searchParameters(asked.requirements);
  if (found.kind !== 'chosen') throw new Error('no parameters');
  const inputs = scalarsOf(graph.inputs.map((id) => graph.nodes[id] as NodeOf<'input'>));
  const { parameters, lookupClasses } = found;
  const replyBits = plan.outputs.map(() => 64);
  const program = emitProgram(plan, placed, {
    inputs,
    parameters,
    lookupClasses,
    replyBits,
    query,
    initial: new Map(),
  });
  const deviations = plan.outputs.flatMap((output, i) => {
    const { variance } = found.predictions[asked.outputConstraints[i]!]!;
    const parts = output.kind === 'value' ? output.parts : [];
    return new Array<number>(Math.max(1, parts.length)).fill(Math.sqrt(variance));
  });
  const loaded = loadProgram(withFractions(program));
  let [squares, sum, count] = [0, 0, 0];
  for (let key = 0; key < keys; key++) {
    const { secret, evaluation } = await generateKeys(loaded);
    for (let at = 0; at < runs; at++) {
      const row = Float64Array.from(
        inputs,
        ({ min, max }) => min + Math.floor(Math.random() * (max - min + 1)),
      );
      const reply = await run(loaded, evaluation, encrypt(loaded, secret, row, 1), {});
      const exact = exactOutputs(graph, row);
      decrypt(loaded, secret, reply).forEach((value, i) => {
        const { scaleLog, min } = program.parts[i]!;
        const turn = (value / 2 ** fractionBits - (exact[i]! - min)) * 2 ** (scaleLog - 64);
        const error = (turn - Math.round(turn)) / deviations[i]!;
        squares += error ** 2;
        sum += error;
        count++;
      });
    }
    secret[Symbol.dispose]();
    evaluation[Symbol.dispose]();
  }
  return { ratio: squares / count, mean: sum / count, count };
}

function withFractions(program: Program): Program {
  if (program.outputs.length !== program.parts.length)
    throw new Error('outputs of several parts are not measured');
  return {
    ...program,
    parts: program.parts.map(({ scaleLog }) => {
      const scale = scaleLog - fractionBits;
      return { scaleLog: scale, min: 0, max: 2 ** (64 - scale) - 1 };
    }),
    outputs: program.outputs.map((_, i) => ({ parts: [[i, 1]], offset: 0 })),
  };
}

function exactOutputs(graph: ReturnType<typeof pass>['graph'], row: Float64Array): number[] {
  let next = 0;
  const tensors = graph.inputs.map((id) => {
    const { shape } = graph.nodes[id]!;
    next += sizeOf(shape);
    return { shape, data: row.slice(next - sizeOf(shape), next) };
  });
  return evaluate(graph, tensors).flatMap(({ data }) => [...data]);
}
