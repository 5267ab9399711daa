/**
 * Random small programs over the operations that compile.
 *
 * A program is a list of steps, plain data that fast-check prints and shrinks. Numbers of a step are read modulo
 * what is possible where it stands, and a step that is not possible is left out, so every list is a program.
 */
import fc from 'fast-check';
import type { ClearType, EncryptedType } from '../../../lib/index.ts';
import * as tracer from '../../../tracer/index.ts';
import { sizeOf } from '../../../tracer/tensor.ts';
import { families, operations } from './operations.ts';
import { fits, type Known, type Numpy, Reader, type Step } from './reader.ts';

/** A random program as plain data. */
export interface ProgramSource {
  readonly inputs: readonly (EncryptedType | ClearType)[];
  readonly steps: readonly Step[];
  /** Which values are returned besides those that nothing reads: any of them, inputs too, also twice. */
  readonly returned: readonly number[];
  /** Inputs of one run each, as fractions of the range of each element. */
  readonly rows: readonly (readonly number[])[];
}

const shapes: readonly (readonly number[])[] = [
  [],
  [],
  [],
  [1],
  [2],
  [2],
  [3],
  [3],
  [4],
  [1, 2],
  [2, 2],
  [2, 3],
  [3, 2],
  [2, 1, 2],
  [0],
];

const inputType: fc.Arbitrary<EncryptedType | ClearType> = fc
  .record({
    bits: fc.oneof(
      { arbitrary: fc.integer({ min: 2, max: 4 }), weight: 4 },
      fc.constant(1),
      fc.integer({ min: 5, max: 8 }),
    ),
    signed: fc.boolean(),
    shape: fc.constantFrom(...shapes),
    clear: fc.oneof({ arbitrary: fc.constant(false), weight: 6 }, fc.constant(true)),
  })
  .map(({ bits, signed, shape, clear }) => ({
    min: signed ? -(2 ** (bits - 1)) : 0,
    max: signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1,
    shape,
    ...(clear ? { clear } : {}),
  }));

const number = fc.oneof(
  { arbitrary: fc.integer({ min: -7, max: 7 }), weight: 7 },
  fc.integer({ min: -140, max: 140 }),
);

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.oneof(
    ...families.map(({ makes, weight }) => ({
      arbitrary: fc.constantFrom(...Object.keys(makes)),
      weight,
    })),
  ),
  picks: fc.array(fc.nat(15), { minLength: 3, maxLength: 3 }),
  numbers: fc.array(number, { minLength: 6, maxLength: 6 }),
});

/** Elements that the inputs of one row are drawn from. */
const fractions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: 12,
  maxLength: 12,
});

/** Random programs of at most `length` steps. */
export function programs(length: number): fc.Arbitrary<ProgramSource> {
  return fc.record({
    inputs: fc.array(inputType, { minLength: 1, maxLength: 3 }),
    steps: fc.array(step, { minLength: 1, maxLength: length, size: 'max' }),
    returned: fc.oneof(fc.constant([]), fc.array(fc.nat(9), { maxLength: 2 })),
    rows: fc.array(fractions, { minLength: 3, maxLength: 4 }),
  });
}

/** The function of a random program, of one parameter per input. `np` has the functions that it calls. */
export function functionOf(
  { inputs, steps, returned }: ProgramSource,
  np: Numpy = tracer,
): tracer.TracedFunction {
  return (...values) => {
    const known: Known[] = values.map((value, i) => ({ ...inputs[i]!, value }));
    const read = new Set<Known>();
    for (const step of steps) {
      const reader = new Reader(np, known, step);
      const made = operations[step.op]!(reader);
      if (made === null || !fits(made)) continue;
      known.push(made);
      for (const operand of reader.operands) read.add(operand);
    }
    const unread = known.slice(values.length).filter((each) => !read.has(each));
    const more = returned.map((pick) => known[pick % known.length]!);
    const outputs = [...unread, ...more].map(({ value }) => value as tracer.Traced);
    return outputs.length === 0 ? values[0]! : outputs;
  };
}

/** Declared inputs by name: a, b, c. */
export function specsOf({ inputs }: ProgramSource): Record<string, EncryptedType | ClearType> {
  return Object.fromEntries(inputs.map((type, i) => ['abc'[i]!, type]));
}

/** The arguments of each row; one more row holds extremes only. */
export function rowsOf({ inputs, rows }: ProgramSource): tracer.Tensor[][] {
  const extremes = rows[0]!.map((fraction) => Math.round(fraction));
  return [...rows, extremes].map((fractions) =>
    inputs.map(({ min, max, shape }, i) => {
      const data = Float64Array.from({ length: sizeOf(shape) }, (_, e) => {
        const fraction = fractions[(i * 5 + e) % fractions.length]!;
        return min + Math.min(max - min, Math.floor(fraction * (max - min + 1)));
      });
      return { shape, data };
    }),
  );
}
