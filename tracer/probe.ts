/**
 * Probing: which values a recorded node takes for some inputs inside their declared ranges. It only answers whether a
 * user's function gives integers or floats, so it is never needed for a result to be right.
 */
import { broadcastIndex, broadcastShapes } from './broadcast.ts';
import { evaluateNode } from './evaluate.ts';
import type { Kind, Node } from './graph.ts';
import type { Argument, Recorder } from './record.ts';
import { sizeOf, type Tensor } from './tensor.ts';

/** Samples of each input: its least and largest value, 0 and 1 where inside, and pseudo-random ones. */
const SAMPLES = 12;

/** What stands for a range without limits. */
const WIDE = 1000;

/** Values of the nodes of a recording so far, by sample and id; null where a node could not be computed. */
const memory = new WeakMap<Recorder, (Tensor | null)[][]>();

/** Float where `f` gives a finite value that is no integer for some sample of its arguments, else integer. */
export function probeKind(
  recorder: Recorder | null,
  f: (...scalars: number[]) => number,
  args: readonly Argument[],
): Kind {
  const rows = recorder ? samplesOf(recorder) : [[]];
  const shape = broadcastShapes('map', ...args.map((arg) => arg.shape));
  const indices = args.map((arg) => broadcastIndex(arg.shape, shape));
  for (const row of rows) {
    const tensors = args.map(({ tensor, traced }) => tensor ?? row[traced!.id]!);
    if (tensors.includes(null as never)) continue;
    for (let i = 0; i < sizeOf(shape); i++) {
      const scalars = tensors.map(({ data }, k) => data[indices[k] ? indices[k][i]! : i]!);
      if (givesFraction(f, scalars)) return 'float';
    }
  }
  return 'integer';
}

function givesFraction(f: (...scalars: number[]) => number, scalars: readonly number[]): boolean {
  try {
    const value = f(...scalars);
    return Number.isFinite(value) && !Number.isInteger(value);
  } catch {
    return false;
  }
}

function samplesOf(recorder: Recorder): (Tensor | null)[][] {
  const rows = memory.get(recorder) ?? Array.from({ length: SAMPLES }, () => []);
  memory.set(recorder, rows);
  rows.forEach((row, sample) => {
    for (let id = row.length; id < recorder.nodes.length; id++) {
      row.push(sampleNode(recorder.nodes[id]!, row, sample));
    }
  });
  return rows;
}

function sampleNode(node: Node, row: readonly (Tensor | null)[], sample: number): Tensor | null {
  if (node.op === 'input') return sampleInput(node.shape, node.min, node.max, sample + 1);
  const inputs = node.inputs.map((id) => row[id]!);
  if (inputs.includes(null as never)) return null;
  try {
    return evaluateNode(node, inputs);
  } catch {
    return null;
  }
}

function sampleInput(shape: readonly number[], min: number, max: number, sample: number): Tensor {
  const least = Number.isFinite(min) ? min : -WIDE;
  const most = Number.isFinite(max) ? max : WIDE;
  const data = new Float64Array(sizeOf(shape));
  const fixed = [least, most, 0, 1][sample - 1];
  let state = sample;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const random = least + Math.floor((state / 2 ** 32) * (most - least + 1));
    data[i] = Math.min(most, Math.max(least, fixed ?? random));
  }
  return { shape, data };
}
