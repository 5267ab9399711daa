/**
 * Growth: how a value that is too wide became so. The path goes back from the guilty node through the widest operand of
 * each node to where the growth began; a compile error shows it in the printed graph.
 */
import type { Graph, Location, Node } from '../../tracer/graph.ts';
import { formatLocation } from '../../tracer/location.ts';
import { call, print, type Underline } from '../../tracer/print.ts';
import type { Range } from './cells.ts';
import { widthOf } from './lower/diagram.ts';

/** A node on the path. */
export interface GrowthStep extends Range {
  /** As it is printed: `%2 = matmul(%0, %1)`. */
  readonly node: string;
  /** Bits that tell the values of its range apart. */
  readonly bits: number;
  readonly location?: Location | undefined;
}

/** What is too wide at a node: what it gives, or what it reads. */
export type TooWide = 'result' | 'operands';

/** The parts of an error that say where a value is too wide, and where it grew. */
export interface Growth {
  readonly location: Location | undefined;
  readonly graph: string;
  /** From where the growth began to the value that is too wide. */
  readonly growth: readonly GrowthStep[];
}

/** Most nodes of a path that are shown: where it began, where it ends, and where most bits were added. */
const mostSteps = 8;

/** A node on the path, and the bits of the operand that it came from. */
interface Passed {
  readonly id: number;
  readonly range: Range;
  readonly bits: number;
  readonly from: number;
}

/**
 * @param ranges of the elements of each node, as far as they are known
 * @param message what is wrong at the guilty node
 */
export function growthOf(
  graph: Graph,
  node: number,
  ranges: readonly Range[],
  what: TooWide,
  message: string,
): Growth {
  const start = what === 'result' ? node : widestOperand(graph, node, ranges);
  const path = start === null ? [] : shortened(pathTo(graph, start, ranges));
  const steepest = path.reduce<Passed | null>(
    (best, each) => (each.bits - each.from > (best ? best.bits - best.from : 0) ? each : best),
    null,
  );
  const underline: Underline[] = [{ node, message }];
  if (steepest !== null) {
    const { id, from, bits } = steepest;
    underline.unshift({ node: id, message: `grows from ${from} to ${bits} bits here` });
  }
  const onPath = new Map(path.map((step) => [step.id, step]));
  const marked = new Set(underline.map((each) => each.node));
  const printed = print(graph, {
    underline,
    ranges: ({ id }) => {
      const range = onPath.get(id)?.range;
      return range === undefined ? null : [range.min, range.max];
    },
    notes: ({ id, op, location }) => {
      const step = onPath.get(id);
      if (step === undefined) return null;
      const place = op === 'input' || marked.has(id) ? null : formatLocation(location);
      return `${step.bits} ${step.bits === 1 ? 'bit' : 'bits'}${place === null ? '' : ` @ ${place}`}`;
    },
  });
  const growth = path.map(({ id, range, bits }): GrowthStep => {
    const own = graph.nodes[id] as Node;
    return { node: `%${id} = ${call(own)}`, ...range, bits, location: own.location };
  });
  return { location: graph.nodes[node]?.location, graph: printed, growth };
}

/** Bits of each operand of a node that is no constant. */
export function operandWidths(graph: Graph, node: number, ranges: readonly Range[]): number[] {
  const { inputs } = graph.nodes[node] as Node;
  const variable = inputs.filter((id) => graph.nodes[id]?.op !== 'constant');
  return variable.map((id) => widthOf(ranges[id] as Range));
}

/** Back from a node while values were no wider before, from the first of them on. */
function pathTo(graph: Graph, last: number, ranges: readonly Range[]): Passed[] {
  const path: Passed[] = [];
  for (let id: number | null = last; id !== null; ) {
    const range = ranges[id] as Range;
    const bits = widthOf(range);
    const before = widestOperand(graph, id, ranges);
    const from = before === null ? bits : widthOf(ranges[before] as Range);
    const narrowed = from > bits;
    path.unshift({ id, range, bits, from: narrowed ? bits : from });
    id = narrowed ? null : before;
  }
  return path;
}

/** The operand whose values take most bits; null where nothing variable is read, or nothing is known of it. */
function widestOperand(graph: Graph, id: number, ranges: readonly Range[]): number | null {
  const { inputs } = graph.nodes[id] as Node;
  let widest: number | null = null;
  let most = 0;
  for (const input of inputs) {
    const range = ranges[input];
    if (range === undefined || graph.nodes[input]?.op === 'constant') continue;
    const bits = widthOf(range);
    if (widest !== null && bits <= most) continue;
    widest = input;
    most = bits;
  }
  return widest;
}

/** The first, the last, and those that added most. */
function shortened(path: readonly Passed[]): Passed[] {
  const inner = path
    .slice(1, -1)
    .filter(({ bits, from }) => bits > from)
    .sort((a, b) => b.bits - b.from - (a.bits - a.from) || a.id - b.id)
    .slice(0, mostSteps - 2);
  const kept = new Set([path[0], ...inner, path.at(-1)]);
  return path.filter((step) => kept.has(step));
}
