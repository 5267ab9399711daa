/**
 * Runs a program on clear torus elements, without noise: an independent reading of `lib/runtime/program.ts` that the
 * compiler's tests compare with clear evaluation.
 */
import type { Operand, Polynomial, Program } from '../../lib/runtime/program.ts';

const mask = (1n << 64n) - 1n;
type Torus = bigint[];

/** The outputs for one row of inputs (flat integers). */
export function interpret(program: Program, inputs: ArrayLike<number>): number[] {
  const size = program.parameters.glwe.polynomialSize;
  const glwe: Torus[] = [];
  const lwe: bigint[] = [];
  const bits: boolean[] = [];
  const queries = program.queries.map((query) => {
    // Coefficients that do not travel are garbage, which must not reach an output; but for those of clear inputs.
    const whole =
      query.kind === 'linear' &&
      (query.whole || query.slots.every(({ input }) => program.inputs[input]!.clear));
    const slots: bigint[] = Array.from({ length: size }, (_, i) =>
      whole ? 0n : (BigInt(i + 1) * 0x9e3779b97f4a7c15n) & mask,
    );
    if (query.kind === 'bits')
      for (const { input, bit } of query.bits) {
        const value = inputs[input]! - program.inputs[input]!.min;
        bits.push(Math.floor(value / 2 ** bit) % 2 === 1);
      }
    if (query.kind === 'linear')
      for (const { input, offset, scaleLog, position } of query.slots)
        slots[position] = encode(inputs[input]! + offset, scaleLog);
    if (query.kind === 'lwe')
      query.slots.forEach(({ input, offset, scaleLog }, i) => {
        slots[i] = encode(inputs[input]! + offset, scaleLog);
      });
    return slots;
  });
  const clear = (id: number | null, length = size): Torus =>
    id === null ? new Array(length).fill(0n) : dense(program.polynomials[id]!, length);
  const operand = (each: Operand): Torus =>
    'polynomial' in each ? clear(each.polynomial) : rotate(glwe[each.glwe]!, each.rotation);
  for (const each of program.instructions) {
    switch (each.op) {
      case 'linear': {
        let sum = clear(each.polynomial);
        for (const [position, weight] of each.weights)
          sum = add(sum, rotate(queries[each.query]!, position), weight);
        glwe[each.target] = sum;
        break;
      }
      case 'cmux':
        glwe[each.target] = operand(bits[each.bit]! ? each.one : each.zero);
        break;
      case 'combine': {
        let sum = clear(each.polynomial);
        for (const [source, rotation, coefficient] of each.terms)
          sum = add(sum, rotate(glwe[source]!, rotation), coefficient);
        glwe[each.target] = sum;
        break;
      }
      case 'extract':
        lwe[each.target] = glwe[each.source]![each.position]!;
        break;
      case 'carried': {
        const { initial, scaleLog } = program.carried![each.index]!;
        lwe[each.target] = encode(initial, scaleLog);
        break;
      }
      case 'embed':
        // What the other coefficients are must not matter.
        glwe[each.target] = Array.from({ length: size }, (_, i) =>
          i === 0 ? lwe[each.source]! : (BigInt(i) * 0x9e3779b97f4a7c15n) & mask,
        );
        break;
      case 'sum': {
        let sum = encode(each.constant, each.scaleLog);
        for (const [source, coefficient] of each.terms) sum += lwe[source]! * BigInt(coefficient);
        lwe[each.target] = sum & mask;
        break;
      }
      case 'bootstrap': {
        const { log2Extension } = program.parameters.lookups[each.lookup]!;
        const length = size * 2 ** log2Extension;
        const section = program.queries.findIndex(
          (q) => q.kind === 'lwe' && q.lookup === each.lookup,
        );
        for (const item of each.items) {
          const input =
            'lwe' in item.input ? lwe[item.input.lwe]! : queries[section]![item.input.small]!;
          const shift = BigInt(64 - Math.log2(2 * length));
          const phase = Number(((input + (1n << (shift - 1n))) & mask) >> shift);
          const rotated = rotate(clear(item.polynomial, length), 2 * length - phase);
          for (const [position, target] of item.outputs) lwe[target] = rotated[position]!;
        }
        break;
      }
      case 'circuitBootstrap':
        for (const { input, bit, output } of each.items) {
          const value = ((lwe[input]! + (1n << 62n)) & mask) >> 63n;
          bits[bit] = value === 1n;
          if (output !== null) lwe[output.target] = value << BigInt(output.scaleLog);
        }
        break;
      default:
        each satisfies never;
    }
  }
  const phases = program.replies.flatMap((reply) =>
    reply.kind === 'lwe'
      ? [lwe[reply.source]!]
      : reply.positions.map((at) => glwe[reply.source]![at]!),
  );
  const parts = program.parts.map(({ scaleLog, min, max }, i) => {
    const scale = BigInt(scaleLog);
    const u = Number(((phases[i]! + (1n << (scale - 1n))) & mask) >> scale);
    if (u > max - min) throw new Error(`part ${i}: ${u} exceeds ${max - min}`);
    return u + min;
  });
  return program.outputs.map(({ parts: terms, offset }) =>
    terms.reduce((sum, [part, weight]) => sum + weight * parts[part]!, offset),
  );
}

function encode(value: number, scaleLog: number): bigint {
  return (BigInt(value) << BigInt(scaleLog)) & mask;
}

function dense({ scaleLog, runs }: Polynomial, length: number): Torus {
  const result: Torus = new Array(length).fill(0n);
  for (const [start, count, value] of runs)
    result.fill(encode(value, scaleLog), start, start + count);
  return result;
}

function add(a: Torus, b: Torus, coefficient: number): Torus {
  const factor = BigInt(coefficient);
  return a.map((value, i) => (value + factor * b[i]!) & mask);
}

/** X^exponent times a polynomial modulo X^N + 1. */
function rotate(polynomial: Torus, exponent: number): Torus {
  const size = polynomial.length;
  if (exponent % (2 * size) === 0) return polynomial;
  const result: Torus = new Array(size);
  for (let i = 0; i < size; i++) {
    const to = (i + exponent) % (2 * size);
    result[to % size] = to < size ? polynomial[i]! : -polynomial[i]! & mask;
  }
  return result;
}
