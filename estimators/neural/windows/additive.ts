/**
 * Outputs as weighted sums of hidden elements, each of which reads few inputs: what is computed behind the last sums.
 */
import type { Elements } from './elements.ts';

/** A hidden element and what it adds to each output, for each 1 of it. */
export interface Part {
  readonly element: number;
  /** Ascending. */
  readonly inputs: readonly number[];
  readonly weights: Float64Array;
}

export interface AdditiveForm {
  readonly parts: readonly Part[];
  /** What is added to each output. */
  readonly constants: Float64Array;
}

/**
 * output_k = constant_k + sum over parts of weight_k * element. Parts are inputs, or functions that are no sums. Null where
 * one of them reads more than `mostInputs` inputs.
 */
export function additiveForm(elements: Elements, mostInputs: number): AdditiveForm | null {
  const { inputs, outputs, of } = elements;
  const constants = new Float64Array(outputs.length);
  const weights = new Map<number, Float64Array>();
  outputs.forEach((element, k) => {
    const own = weights.get(element) ?? new Float64Array(outputs.length);
    own[k] = 1;
    weights.set(element, own);
  });
  const inputsOf = supports(elements, mostInputs);
  const parts: Part[] = [];
  // What an element is computed from has smaller numbers.
  for (let element = outputs.at(-1)!; element >= 0; element--) {
    const own = weights.get(element);
    if (own === undefined) continue;
    const found = element < inputs ? null : of(element);
    if (found?.kind === 'sum') {
      own.forEach((weight, k) => {
        constants[k]! += weight * found.constant;
      });
      for (const [term, weight] of found.terms) add(weights, term, own, weight);
      weights.delete(element);
      continue;
    }
    if (own.every((weight) => weight === 0)) continue;
    const read = inputsOf(element);
    if (read === null) return null;
    parts.push({ element, inputs: read, weights: own });
  }
  return { parts, constants };
}

function add(
  weights: Map<number, Float64Array>,
  element: number,
  from: Float64Array,
  factor: number,
): void {
  let own = weights.get(element);
  if (own === undefined) {
    own = new Float64Array(from.length);
    weights.set(element, own);
  }
  for (let k = 0; k < own.length; k++) own[k]! += factor * from[k]!;
}

/** The inputs that an element is a function of, ascending; null where there are more than `most`. */
function supports(
  { inputs, of }: Elements,
  most: number,
): (element: number) => readonly number[] | null {
  const known = new Map<number, readonly number[] | null>();
  const find = (element: number): readonly number[] | null => {
    if (element < inputs) return [element];
    const found = known.get(element);
    if (found !== undefined) return found;
    const all = union(operandsOf(of, element), find, most);
    known.set(element, all);
    return all;
  };
  return find;
}

/** The elements that an element is computed from directly. */
export function operandsOf(of: Elements['of'], element: number): readonly number[] {
  const found = of(element);
  switch (found.kind) {
    case 'sum':
      return found.terms.map(([term]) => term);
    case 'map':
      return [found.of];
    case 'fold':
      return found.of;
    default:
      return found satisfies never;
  }
}

function union(
  operands: readonly number[],
  find: (element: number) => readonly number[] | null,
  most: number,
): readonly number[] | null {
  const all = new Set<number>();
  for (const operand of operands) {
    const own = find(operand);
    if (own === null) return null;
    for (const input of own) all.add(input);
    if (all.size > most) return null;
  }
  return [...all].sort((a, b) => a - b);
}
