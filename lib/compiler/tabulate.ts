/**
 * Tables: integer functions of one or several forms, written out over the ranges that the forms can take.
 */
import type { Graph, Node, NodeOf } from '../../tracer/graph.ts';
import { BlindfitError, error, placed } from '../errors.ts';
import { type CellBuilder, combine, type Form, type Range } from './cells.ts';
import { growthOf } from './growth.ts';
import { locate, operationOf } from './locate.ts';
import { bitsFor, widthOf } from './lower/diagram.ts';
import { largestPrecision } from './lower/prices.ts';
import { mapped } from './mapped.ts';
import { bitsToDrop, narrowing } from './remedy.ts';

/** What the forms of a node are made with. */
export interface Making {
  readonly graph: Graph;
  readonly node: Node;
  readonly builder: CellBuilder;
}

/** Most entries that one table may have. */
export const largestTable: number = 2 ** 20;

/** Tabulates a `map` node; elements with equal constants and ranges share one evaluation. */
export function tabulator(
  graph: Graph,
  node: NodeOf<'map'>,
  builder: CellBuilder,
): (operands: readonly Form[]) => Form {
  const known = new Map<string, Float64Array>();
  return (operands) => {
    const variable: Form[] = [];
    const ranges: Range[] = [];
    let key = '';
    for (const form of operands) {
      if (form.terms.length === 0) key += `${form.constant} `;
      else {
        const range = builder.range(form);
        variable.push(form);
        ranges.push(range);
        key += `${range.min}:${range.max} `;
      }
    }
    let values = known.get(key);
    if (values === undefined) {
      values = tabulate(graph, node, ranges, ofVariables(node.f, operands), builder);
      known.set(key, values);
    }
    return fromTable(variable, ranges, values, node, builder);
  };
}

/** A function of the operands that are not constant. */
function ofVariables(
  f: (...values: number[]) => number,
  operands: readonly Form[],
): (values: readonly number[]) => number {
  if (operands.every(({ terms }) => terms.length > 0))
    return operands.length === 1 ? (values) => f(values[0] as number) : (values) => f(...values);
  return (values) => {
    let next = 0;
    const all = operands.map((form) =>
      form.terms.length > 0 ? (values[next++] as number) : form.constant,
    );
    return f(...all);
  };
}

/** A function of all operands as one table. */
export function tableOf(
  graph: Graph,
  node: Node,
  operands: readonly Form[],
  run: (values: readonly number[]) => number,
  builder: CellBuilder,
): Form {
  const ranges = mapped(operands, (form) => builder.range(form));
  return fromTable(operands, ranges, tabulate(graph, node, ranges, run, builder), node, builder);
}

/** Operands are packed in mixed radix, the first the most significant: the table reads one form. */
function fromTable(
  operands: readonly Form[],
  ranges: readonly Range[],
  values: Float64Array,
  node: Node,
  builder: CellBuilder,
): Form {
  let stride = 1;
  const parts: [Form, number][] = [];
  let offset = 0;
  for (let i = operands.length - 1; i >= 0; i--) {
    const { min, max } = ranges[i] as Range;
    parts.push([operands[i] as Form, stride]);
    offset -= min * stride;
    stride *= max - min + 1;
  }
  const packed = combine(parts, offset);
  const { min, max } = builder.range(packed);
  return builder.table(packed, values.subarray(min, max + 1), node.id);
}

function tabulate(
  graph: Graph,
  node: Node,
  ranges: readonly Range[],
  run: (values: readonly number[]) => number,
  builder: CellBuilder,
): Float64Array {
  const sizes = mapped(ranges, ({ min, max }) => max - min + 1);
  const size = sizes.reduce((a, b) => a * b, 1);
  if (size > largestTable) throw tooLarge(graph, node, ranges.map(widthOf), builder);
  const values = new Float64Array(size);
  const point = mapped(ranges, ({ min }) => min);
  try {
    for (let i = 0; i < size; i++) {
      const value = run(point);
      if (!Number.isSafeInteger(value)) throw notAnInteger(graph, node, point, value);
      values[i] = value === 0 ? 0 : value;
      advance(point, ranges);
    }
  } catch (cause) {
    throw failed(graph, node, point, cause);
  }
  return values;
}

/** @param widths bits of each operand */
function tooLarge(
  graph: Graph,
  node: Node,
  widths: readonly number[],
  { ranges }: CellBuilder,
): BlindfitError {
  const bits = widths.join(' + ');
  const widest = bitsFor(largestTable);
  const remedy = widths.some((width) => width > widest)
    ? 'use narrower inputs or smaller weights, promise a narrower range with np.hint, or compute on high and low parts that are inputs of their own'
    : narrowing(bitsToDrop(widths, largestPrecision), widths);
  return error('TABLE_TOO_LARGE', {
    what: operationOf(node),
    given: `a function of ${bits} bits`,
    allowed: `at most ${widest} bits in all`,
    remedy,
    ...growthOf(graph, node.id, ranges, 'operands', `reads ${bits} bits`),
  });
}

/** The next point of a box of ranges, the last axis first. */
function advance(point: number[], ranges: readonly Range[]): void {
  for (let axis = ranges.length - 1; axis >= 0; axis--) {
    const { min, max } = ranges[axis] as Range;
    const at = point[axis] as number;
    point[axis] = at < max ? at + 1 : min;
    if (at < max) return;
  }
}

/** What a user's function threw as a coded error with the operands that it was given. */
function failed(graph: Graph, node: Node, point: readonly number[], cause: unknown): BlindfitError {
  const place = { location: node.location, graph: locate(graph, node.id, 'threw an error') };
  if (cause instanceof BlindfitError) return placed(cause, place);
  const details = { what: nameAt(node, point), given: String(cause), ...place };
  return error('FUNCTION_FAILED', details, cause);
}

function nameAt(node: Node, point: readonly number[]): string {
  return `${operationOf(node)} at ${point.length === 1 ? point[0] : `(${point.join(', ')})`}`;
}

/** The error of a node that gives no integer, or none that is exact, for some values. */
export function notAnInteger(
  graph: Graph,
  node: Node,
  point: readonly number[],
  value: number,
): BlindfitError {
  const details = {
    what: nameAt(node, point),
    given: value,
    allowed: 'an integer for every value that the operands can take',
    location: node.location,
    graph: locate(graph, node.id, `gives ${value}`),
  };
  // Of several operands, where would leave both ranges as they are.
  const narrower =
    point.length === 1
      ? 'narrow the input range, or replace such operands before, with clip or np.where'
      : 'narrow the input range, or clip an operand before, or say with np.map what it gives there';
  if (!Number.isFinite(value)) return error('NOT_FINITE', { ...details, remedy: narrower });
  if (Number.isInteger(value))
    return error('OVERFLOW_2_53', { ...details, remedy: `scale it down, or ${narrower}` });
  return error('NOT_AN_INTEGER', { ...details, remedy: 'round what the function returns' });
}
