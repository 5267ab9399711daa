/** The noise report: how far every rounding of a run is from failing, with the line of the program that asked for it. */
import type { Graph, Location, Node } from '../../tracer/graph.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import { cellsOf, type Plan } from './lower/plan.ts';
import type { Prediction } from './parameters/requirements.ts';
import { leastLog2Failure } from './statistics.ts';

/** Roundings of one kind: alike, and at one node. */
export interface RoundingNoise {
  /** The input of a lookup, which the server rounds, or an output, which the client rounds. */
  readonly kind: 'lookup' | 'output';
  /** The node of the printed graph: of the table that is looked up, or of the output. */
  readonly node: number;
  readonly operation: string;
  /** The user's own line. */
  readonly location: Location | null;
  /** Of np.tag. */
  readonly tag: string | null;
  /** Which of the circuit's outputs; null for lookups. */
  readonly output: number | null;
  /** How many of them one run has. */
  readonly count: number;
  /** Predicted standard deviation, and the distance from which on the rounding is wrong; the torus is 1 long. */
  readonly deviation: number;
  readonly margin: number;
  /** The margin in standard deviations. */
  readonly marginDeviations: number;
  /** log2 of the predicted probability that one of them fails; at least -10,000. */
  readonly log2Failure: number;
}

/** `String(report)` is a table. */
export interface NoiseReport {
  /** The likeliest to fail first. */
  readonly roundings: readonly RoundingNoise[];
  /** log2 of a bound of the probability that any of them fails, correlations included; at least -10,000. */
  readonly log2Failure: number;
  toString(): string;
}

/** What is predicted of each output plan (null for constants) and of each rotation. */
export interface PlanPredictions {
  readonly outputs: readonly (Prediction | null)[];
  readonly lookups: readonly (Prediction | null)[];
}

export function roundingsOf(
  graph: Graph,
  plan: Plan,
  predictions: PlanPredictions,
): RoundingNoise[] {
  const known = new Map<string, RoundingNoise>();
  const add = (
    kind: RoundingNoise['kind'],
    node: Node,
    output: number | null,
    prediction: Prediction | null | undefined,
  ) => {
    if (!prediction || prediction.variance === 0) return;
    const { variance, margin, log2Failure } = prediction;
    const key = `${kind} ${node.id} ${output} ${variance} ${margin}`;
    const deviation = Math.sqrt(variance);
    const count = (known.get(key)?.count ?? 0) + 1;
    known.set(key, {
      kind,
      node: node.id,
      operation: node.op === 'map' || node.op === 'rearrange' ? node.name : node.op,
      location: node.location ?? null,
      tag: node.tag ?? null,
      output,
      count,
      deviation,
      margin,
      marginDeviations: margin / deviation,
      log2Failure: Math.max(log2Failure, leastLog2Failure),
    });
  };
  plan.lookups.forEach((lookup, i) => {
    const { node } = plan.cells[cellsOf(lookup)[0] as number] as { node: number };
    add('lookup', graph.nodes[node] as Node, null, predictions.lookups[i]);
  });
  const owners = graph.outputs.flatMap((id, output) =>
    Array.from({ length: sizeOf((graph.nodes[id] as Node).shape) }, () => ({ id, output })),
  );
  plan.outputs.forEach((planned, i) => {
    if (planned.kind === 'constant') return;
    for (const part of planned.kind === 'value' ? planned.parts : [planned.part]) {
      const { id, output } = owners[part.output] as { id: number; output: number };
      add('output', graph.nodes[id] as Node, output, predictions.outputs[i]);
    }
  });
  return [...known.values()].sort((a, b) => b.log2Failure - a.log2Failure);
}

/** The report of what was compiled, or read from JSON. */
export function noiseReport(roundings: readonly RoundingNoise[], log2Failure: number): NoiseReport {
  const report = {
    roundings: roundings.map((each) => ({ ...each, location: placeOf(each.location) })),
    log2Failure,
  };
  return Object.defineProperty(report, 'toString', { value: () => printNoise(report) });
}

/** Finding a location takes long, so that it waits until a report is asked for. */
function placeOf(location: Location | null): Location | null {
  if (location === null || location.line === 0) return null;
  const { file, line, column } = location;
  return { file, line, column };
}

/** The report as a table, a line for each kind of rounding and one for the circuit. */
function printNoise({ roundings, log2Failure }: Omit<NoiseReport, 'toString'>): string {
  const tags = roundings.some(({ tag }) => tag !== null);
  const header = ['rounds', 'node', 'operation', ...(tags ? ['tag'] : []), 'at'];
  const numbers = ['count', 'deviation', 'margin', 'deviations', 'failure'];
  const rows = roundings.map((each) => [
    each.output === null ? 'lookup' : `output ${each.output}`,
    `%${each.node}`,
    each.operation,
    ...(tags ? [each.tag ?? ''] : []),
    each.location === null ? '' : `${baseName(each.location.file)}:${each.location.line}`,
    String(each.count),
    power(Math.log2(each.deviation)),
    power(Math.log2(each.margin)),
    each.marginDeviations.toFixed(2),
    power(each.log2Failure),
  ]);
  const count = roundings.reduce((sum, each) => sum + each.count, 0);
  const blank = header.slice(1).map(() => '');
  const last = ['circuit', ...blank, String(count), '', '', '', power(log2Failure)];
  return align([[...header, ...numbers], ...rows, last], header.length);
}

/** Columns as wide as their widest cell; the first `left` of them are words, the others numbers. */
function align(rows: readonly (readonly string[])[], left: number): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    rows.reduce((width, row) => Math.max(width, row[at]?.length ?? 0), 0),
  );
  const pad = (text: string, at: number) => {
    const width = widths[at] as number;
    return at < left ? text.padEnd(width) : text.padStart(width);
  };
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

function power(exponent: number): string {
  return `2^${exponent.toFixed(1)}`;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
