/**
 * Where a sum begins, what integers stand for must be multiples of steps: the one place where tables are made.
 */
import * as np from '../../../tracer/index.ts';
import { indexAt, sizeOf } from '../../../tracer/tensor.ts';
import type { Layer } from '../network.ts';
import { failed } from '../problems.ts';
import {
  classified,
  type ElementFunction,
  type Integers,
  type Lowered,
  lineFunction,
  type ProgramBuilder,
} from './integers.ts';

/** Most entries of a table, and of all tables of a layer. */
const largestTable = 2 ** 20;
const largestTables = 2 ** 26;

/** Ranges of the integers of each class. */
interface Ranges {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/**
 * The value with a line for each element: as it is where it has that, else by a table of the integers.
 *
 * @param layer the one that asks
 * @throws NOT_QUANTIZED where there is no grid; TABLE_TOO_LARGE; NOT_FINITE where a function has no value
 */
export function materialized(program: ProgramBuilder, value: Lowered, layer: Layer): Lowered {
  if (value.functions.every(({ line }) => line !== null)) return value;
  const x = program.of(value);
  const ranges = rangesOf(value, x);
  const lines = value.functions.map((own, k) => lineOnGrid(own, ranges.min[k]!, ranges.max[k]!));
  if (lines.every((line) => line !== null)) return { ...value, functions: lines };
  const total = ranges.min.reduce((sum, min, k) => sum + ranges.max[k]! - min + 1, 0);
  if (total > largestTables) throw tooLarge(layer, total, largestTables);
  const entries = value.functions.map((own, k) =>
    entriesOf(own, ranges.min[k]!, ranges.max[k]!, layer),
  );
  const { array, classes } = value;
  const lineOf = (e: number): { readonly scale: number; readonly offset: number } => {
    const { code, line } = value.functions[classes[e]!]!;
    return code === null ? line! : { scale: code.step, offset: code.offset };
  };
  // Made when it is first traced: the choice of bits asks for costs alone.
  let lookUp: ReturnType<typeof lookUpOf> | undefined;
  return {
    array: program.add({
      shape: x.shape,
      ...endsOf(value, x, ranges.min, entries),
      lookups: {
        entries: x.max.map((most, e) => most - x.min[e]! + 1),
        tableOf: (e) => {
          const [own, first] = [classes[e]!, ranges.min[classes[e]!]!];
          return entries[own]!.subarray(x.min[e]! - first, x.max[e]! - first + 1);
        },
        keyOf: (e) => `${classes[e]} ${x.min[e]} ${x.max[e]}`,
        count: 1,
        freshBits: x.freshBits,
      },
      compute: (arrays) => {
        lookUp ??= lookUpOf(value, x, ranges.min, entries);
        return lookUp(arrays[array]!);
      },
    }),
    ...classified(
      classes.length,
      (e) => `${lineOf(e).scale} ${lineOf(e).offset}`,
      (e) => lineFunction(lineOf(e).scale, lineOf(e).offset),
    ),
  };
}

function rangesOf({ classes, functions }: Lowered, { min, max }: Integers): Ranges {
  const ranges = {
    min: new Float64Array(functions.length).fill(Number.POSITIVE_INFINITY),
    max: new Float64Array(functions.length).fill(Number.NEGATIVE_INFINITY),
  };
  classes.forEach((own, e) => {
    ranges.min[own] = Math.min(ranges.min[own]!, min[e]!);
    ranges.max[own] = Math.max(ranges.max[own]!, max[e]!);
  });
  return ranges;
}

/** Where a grid changes nothing: the integers are multiples of its step already, and inside its ends. */
function lineOnGrid(own: ElementFunction, min: number, max: number): ElementFunction | null {
  const { line, code } = own;
  if (line !== null) return own;
  if (code === null || max - min > 2 ** 10) return null;
  const factor = code.of(max) / (max || 1);
  // Of a single integer any line is one, whose scale has nothing in common with others.
  if (factor === 0 || !Number.isInteger(factor)) return null;
  for (let c = min; c <= max; c++) if (code.of(c) !== c * factor) return null;
  return lineFunction(factor * code.step, code.offset);
}

function entriesOf(own: ElementFunction, min: number, max: number, layer: Layer): Float64Array {
  const { code, line } = own;
  if (code === null && line === null) {
    const details = {
      given: 'a value that is on no grid',
      allowed: 'a grid layer between the two',
    };
    throw failed(layer, 'NOT_QUANTIZED', details);
  }
  const count = max - min + 1;
  if (count > largestTable) throw tooLarge(layer, count, largestTable);
  const entries = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = code === null ? min + i : code.of(min + i);
    if (!Number.isSafeInteger(value)) {
      const given = `${value} before it, where the integers are ${min + i}`;
      throw failed(layer, 'NOT_FINITE', { given, remedy: 'clip what the function is given' });
    }
    entries[i] = value + 0;
  }
  return entries;
}

function tooLarge(layer: Layer, given: number, allowed: number): Error {
  return failed(layer, 'TABLE_TOO_LARGE', {
    given: `tables of ${given} entries for what it reads`,
    allowed,
    remedy: 'quantize the layer before to fewer bits, or give it fewer inputs',
  });
}

/** The entries of an element that its range reaches: their ends. */
function endsOf(
  { classes }: Lowered,
  x: Integers,
  starts: Float64Array,
  entries: readonly Float64Array[],
): Pick<Integers, 'min' | 'max'> {
  const min = new Float64Array(classes.length);
  const max = new Float64Array(classes.length);
  const known = new Map<string, readonly [number, number]>();
  classes.forEach((own, e) => {
    const key = `${own} ${x.min[e]} ${x.max[e]}`;
    let ends = known.get(key);
    if (ends === undefined) {
      let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let c = x.min[e]! - starts[own]!; c <= x.max[e]! - starts[own]!; c++) {
        least = Math.min(least, entries[own]![c]!);
        most = Math.max(most, entries[own]![c]!);
      }
      ends = [least, most];
      known.set(key, ends);
    }
    [min[e], max[e]] = ends;
  });
  return { min, max };
}

/** Looks up each element in the table of its class; axes along which classes are the same have one table. */
function lookUpOf(
  { classes }: Lowered,
  { shape }: Integers,
  starts: Float64Array,
  entries: readonly Float64Array[],
): (x: np.Traced) => np.Traced {
  const kept = shape.map((extent, axis) => (variesAlong(classes, shape, axis) ? extent : 1));
  const own = Array.from({ length: sizeOf(kept) }, (_, k) => {
    const index = indexAt(kept, k);
    return classes[shape.reduce((flat, extent, axis) => flat * extent + index[axis]!, 0)]!;
  });
  const first = { shape: kept, data: Float64Array.from(own, (k) => starts[k]!) };
  const tables = entries.map((list) => new np.LookupTable(list));
  const table = new np.LookupTable(
    nested(
      kept,
      own.map((k) => tables[k]!),
    ),
  );
  return (x) => table.at(x.subtract(first)) as np.Traced;
}

function variesAlong(classes: Int32Array, shape: readonly number[], axis: number): boolean {
  const inner = sizeOf(shape.slice(axis + 1));
  const block = inner * shape[axis]!;
  return classes.some((own, e) => own !== classes[e - (e % block) + (e % inner)]);
}

type Tables = np.LookupTable | readonly Tables[];

/** Tables as nested lists of a shape. */
function nested(shape: readonly number[], tables: readonly np.LookupTable[]): Tables {
  const [extent, ...inner] = shape;
  if (extent === undefined) return tables[0]!;
  const size = tables.length / extent;
  return Array.from({ length: extent }, (_, k) =>
    nested(inner, tables.slice(k * size, (k + 1) * size)),
  );
}
