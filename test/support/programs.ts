/**
 * Random small programs over the operations that compile, for property tests.
 *
 * A program is a list of steps, plain data that fast-check prints and shrinks. Numbers of a step are read modulo
 * what is possible where it stands, and a step that is not possible is left out, so every list is a program.
 */
import fc from 'fast-check';
import type { EncryptedType } from '../../lib/index.ts';
import type * as np from '../../tracer/index.ts';
import { fits, type Known, operations, Reader, type Step } from './operations.ts';

export interface ProgramSource {
  readonly inputs: readonly EncryptedType[];
  readonly steps: readonly Step[];
  /** Inputs of one run each, as fractions of the range of each element. */
  readonly rows: readonly (readonly number[])[];
}

const shapes: readonly (readonly number[])[] = [
  [],
  [],
  [1],
  [2],
  [3],
  [1, 2],
  [2, 2],
  [2, 3],
  [2, 1, 2],
];

const inputType: fc.Arbitrary<EncryptedType> = fc
  .record({
    bits: fc.integer({ min: 1, max: 5 }),
    signed: fc.boolean(),
    shape: fc.constantFrom(...shapes),
  })
  .map(({ bits, signed, shape }) => ({
    min: signed ? -(2 ** (bits - 1)) : 0,
    max: signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1,
    shape,
  }));

/** Random programs of at most `length` steps. */
export function programs(length: number): fc.Arbitrary<ProgramSource> {
  const names = Object.keys(operations);
  const step: fc.Arbitrary<Step> = fc.record({
    op: fc.constantFrom(...names),
    picks: fc.array(fc.nat(15), { minLength: 3, maxLength: 3 }),
    numbers: fc.array(fc.integer({ min: -7, max: 7 }), { minLength: 6, maxLength: 6 }),
  });
  return fc.record({
    inputs: fc.array(inputType, { minLength: 1, maxLength: 3 }),
    steps: fc.array(step, { minLength: 1, maxLength: length }),
    rows: fc.array(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
      {
        minLength: 3,
        maxLength: 4,
      },
    ),
  });
}

/** The function of a random program, of one parameter per input; it returns every value that nothing reads. */
export function functionOf({ inputs, steps }: ProgramSource): np.TracedFunction {
  return (...values) => {
    const known: Known[] = values.map((value, i) => {
      const { min, max } = inputs[i]!;
      return { value, min, max };
    });
    const read = new Set<Known>();
    for (const step of steps) {
      const reader = new Reader(known, step);
      const made = operations[step.op]!(reader);
      if (made === null || !fits(made)) continue;
      known.push(made);
      for (const operand of reader.operands) read.add(operand);
    }
    const outputs = known.slice(values.length).filter((each) => !read.has(each));
    return outputs.length === 0 ? values[0]! : outputs.map(({ value }) => value);
  };
}

/** Declared inputs by name: a, b, c. */
export function specsOf({ inputs }: ProgramSource): Record<string, EncryptedType> {
  return Object.fromEntries(inputs.map((type, i) => ['abc'[i]!, type]));
}

/** The inputs of each row as flat lists, one per input. */
export function rowsOf({ inputs, rows }: ProgramSource): number[][][] {
  return rows.map((fractions) =>
    inputs.map(({ min, max, shape }, i) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return Array.from({ length: size }, (_, e) => {
        const fraction = fractions[(i * 5 + e) % fractions.length]!;
        return min + Math.min(max - min, Math.floor(fraction * (max - min + 1)));
      });
    }),
  );
}
