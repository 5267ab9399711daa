import { compile, encrypted } from 'blindfit';
import type { Traced } from 'blindfit/tracer';
import * as np from 'blindfit/tracer';
import { createRandom } from '../../../lib/random.ts';
import type { Case, Figures } from '../case.ts';
import { medianMs, timed } from '../measure.ts';

const inputs = 16;
const bits = 4;
/** Values that a next node may read; as many are outputs in the end, so that no node is left out. */
const alive = 256;
/** Values above this spread are clipped before they are read again. */
const widest = 2 ** (bits + 2);

/** A scalar with the range that it was built to have. */
interface Value {
  readonly node: Traced;
  readonly min: number;
  readonly max: number;
}

/** A random scalar program of so many operations, the reading of its inputs included. */
export function randomProgram(operations: number, seed: number): (x: Traced) => Traced[] {
  return (x) => {
    const random = createRandom(seed);
    const values: Value[] = Array.from({ length: alive }, (_, i) => ({
      node: x.at(i % inputs),
      min: 0,
      max: 2 ** bits - 1,
    }));
    for (let made = alive; made < operations; made++) {
      const place = random.integer(alive);
      values[place] = next(values[place]!, values[random.integer(alive)]!, random.integer);
    }
    return values.map(({ node }) => node);
  };
}

/** One more operation on x, and on y where it takes two. */
function next(x: Value, y: Value, below: (bound: number) => number): Value {
  if (x.max - x.min >= widest)
    return { node: np.clip(x.node, 0, 2 ** bits - 1), min: 0, max: 2 ** bits - 1 };
  const wide = y.max - y.min >= 2 ** bits || x.max - x.min >= 2 ** bits;
  switch (below(wide ? 4 : 6)) {
    case 0:
      return { node: x.node.add(y.node), min: x.min + y.min, max: x.max + y.max };
    case 1:
      return { node: x.node.subtract(y.node), min: x.min - y.max, max: x.max - y.min };
    case 2: {
      const weight = 2 + below(2);
      return { node: x.node.multiply(weight), min: weight * x.min, max: weight * x.max };
    }
    case 3: {
      const [a, b] = [1 + 2 * below(8), below(16)];
      const node = x.node.map((v) => (((a * v + b) % 16) + 16) % 16, { kind: 'integer' });
      return { node, min: 0, max: 15 };
    }
    case 4:
      return { node: x.node.less(y.node), min: 0, max: 1 };
    default:
      return { node: x.node.greaterEqual(below(16)), min: 0, max: 1 };
  }
}

function compiling(operations: number): () => Promise<unknown> {
  return () =>
    compile((x) => randomProgram(operations, 1)(x!), { x: encrypted.uint(bits, [inputs]) });
}

async function figures(): Promise<Figures> {
  const [small, middle, large] = [compiling(1_000), compiling(10_000), compiling(100_000)];
  const ofSmall = await medianMs(small, 9);
  // Graphs of a thousand nodes need no lookups: all that makes them is new to V8 here.
  const { ms: first } = await timed(middle);
  const ofMiddle = await medianMs(middle, 5);
  const ofLarge = await medianMs(large, 2);
  return {
    'ms, 1k nodes': ofSmall,
    'ms, 10k nodes': ofMiddle,
    'ms, 100k nodes': ofLarge,
    'first ms, 10k nodes': first,
    'growth per node, 1k to 10k': ofMiddle / ofSmall / 10,
    'growth per node, 10k to 100k': ofLarge / ofMiddle / 10,
  };
}

/** Compiling random graphs of scalar operations; growth is that of the time for each node. */
export const cases: readonly Case[] = [
  {
    name: 'compile-time',
    goal: {
      'ms, 10k nodes': 1000,
      'growth per node, 1k to 10k': 1.3,
      'growth per node, 10k to 100k': 1.3,
    },
    run: figures,
  },
];
