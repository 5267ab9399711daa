/** Rows of a circuit: arrays as users give and get them, and one row after the other as the runtime does. */
import {
  type ArrayLike,
  indexAt,
  sameShape,
  sizeOf,
  type Tensor,
  toIntegerTensor,
} from '../../tracer/tensor.ts';
import { error } from '../errors.ts';
import type { InputRange } from '../runtime/program.ts';

/** One input: integers from `min` to `max`, both inclusive, in an array of `shape`. */
export interface CircuitInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly min: number;
  readonly max: number;
  /** Whether it travels encrypted; the server sees the others. */
  readonly encrypted: boolean;
  /** The output that it is of the run before, where it is carried and not sent. */
  readonly carried?: number;
}

/** The range of each scalar of the inputs, one after the other. */
export function scalarsOf(inputs: readonly Omit<CircuitInput, 'name'>[]): InputRange[] {
  return inputs.flatMap(({ shape, min, max, encrypted }) => {
    const range: InputRange = encrypted ? { min, max } : { min, max, clear: true };
    return Array.from({ length: sizeOf(shape) }, () => range);
  });
}

/** Checked values of all inputs, row after row, each row all inputs one after the other. */
export interface Rows {
  readonly values: Float64Array;
  readonly count: number;
}

/**
 * The rows of arguments, each of the shape of its input; or with `batch` [rows, ...that shape].
 *
 * @throws SHAPE_MISMATCH, BAD_ARRAY, NOT_AN_INTEGER, NOT_FINITE, OUT_OF_RANGE
 */
export function rowsOf(
  inputs: readonly CircuitInput[],
  args: readonly ArrayLike[],
  batch: boolean,
): Rows {
  if (!Array.isArray(args) || args.length !== inputs.length) {
    const names = inputs.map(({ name }) => name).join(', ');
    throw error('SHAPE_MISMATCH', {
      what: 'arguments',
      given: Array.isArray(args) ? `${args.length} values` : args,
      allowed: `${inputs.length}, one for each input: ${names}`,
      remedy: batch
        ? 'give a list of arrays, one for each input, each with a leading axis of rows'
        : 'give a value for each input, in their order',
    });
  }
  const tensors = inputs.map(({ name }, i) => toIntegerTensor(args[i] as ArrayLike, name));
  const rows = batch ? (tensors[0]?.shape[0] ?? 0) : null;
  for (const [i, input] of inputs.entries()) checkInput(input, tensors[i] as Tensor, rows);
  return { values: joinRows(tensors, rows ?? 1), count: rows ?? 1 };
}

/** As `rowsOf`, of arguments for the inputs that are sent; carried ones have any value. */
export function sentRowsOf(
  inputs: readonly CircuitInput[],
  args: readonly ArrayLike[],
  batch: boolean,
): Rows {
  const isSent = ({ carried }: CircuitInput) => carried === undefined;
  const sent = inputs.filter(isSent);
  const rows = rowsOf(sent, args, batch);
  if (sent.length === inputs.length) return rows;
  const { values, count } = rows;
  const given = splitRows(
    values,
    sent.map(({ shape }) => shape),
    count,
  );
  const all = inputs.map((input): Tensor => {
    if (isSent(input)) return given.shift() as Tensor;
    const shape = [count, ...input.shape];
    return { shape, data: new Float64Array(sizeOf(shape)).fill(input.min) };
  });
  return { values: joinRows(all, count), count };
}

/** Arrays of `shapes`, each with a leading axis for `rows` rows, from rows one after the other. */
export function splitRows(
  values: Float64Array,
  shapes: readonly (readonly number[])[],
  rows: number,
): Tensor[] {
  const perRow = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
  let offset = 0;
  return shapes.map((shape) => {
    const size = sizeOf(shape);
    const data = new Float64Array(rows * size);
    for (let row = 0; row < rows; row++)
      data.set(values.subarray(row * perRow + offset, row * perRow + offset + size), row * size);
    offset += size;
    return { shape: [rows, ...shape], data };
  });
}

/** The inverse of `splitRows`. */
export function joinRows(tensors: readonly Tensor[], rows: number): Float64Array {
  const sizes = tensors.map(({ data }) => (rows === 0 ? 0 : data.length / rows));
  const perRow = sizes.reduce((a, b) => a + b, 0);
  const result = new Float64Array(rows * perRow);
  let offset = 0;
  tensors.forEach(({ data }, i) => {
    const size = sizes[i] as number;
    for (let row = 0; row < rows; row++)
      result.set(data.subarray(row * size, (row + 1) * size), row * perRow + offset);
    offset += size;
  });
  return result;
}

function checkInput(input: CircuitInput, tensor: Tensor, rows: number | null): void {
  const allowed = rows === null ? input.shape : [rows, ...input.shape];
  if (!sameShape(tensor.shape, allowed))
    throw error('SHAPE_MISMATCH', {
      what: input.name,
      given: `[${tensor.shape.join(', ')}]`,
      allowed: `[${[...(rows === null ? [] : ['rows']), ...input.shape].join(', ')}]`,
      remedy:
        rows === null
          ? 'give values of the allowed shape'
          : 'give each input a leading axis of rows, as many as the first has',
    });
  tensor.data.forEach((value, i) => {
    if (value >= input.min && value <= input.max) return;
    const at = tensor.shape.length === 0 ? '' : `[${indexAt(tensor.shape, i).join(', ')}]`;
    throw error('OUT_OF_RANGE', {
      what: `${input.name}${at}`,
      given: value,
      allowed: `${input.min} to ${input.max}`,
      remedy: 'compile with a wider type or an inputset that shows such values',
    });
  });
}
