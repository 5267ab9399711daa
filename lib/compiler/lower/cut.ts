/**
 * Cutting: a weighted sum of lookups as several of fewer bits each, which are as many bits less noisy. The client adds them up.
 */
import { type CellBuilder, combine, type Form, formOfCell } from '../cells.ts';
import { widthOf } from './diagram.ts';

/** Forms that are parts of one, `sum weight * part`. */
export type Parts = readonly (readonly [part: Form, weight: number])[];

/**
 * The terms that are multiples of a power of two are a sum of their own once the others have `width` bits. One part where
 * there is nothing to cut between.
 */
export function cutTerms(builder: CellBuilder, { terms }: Form, width: number): Parts {
  const sorted = [...terms].sort((a, b) => powerOfTwoIn(a[1]) - powerOfTwoIn(b[1]));
  const parts: [Form, number][] = [];
  for (const [id, coefficient] of sorted) {
    const last = parts.at(-1);
    if (last !== undefined) {
      const [sum, weight] = last;
      const grown = combine([
        [sum, 1],
        [formOfCell(id), coefficient / weight],
      ]);
      const isFull = widthOf(builder.range(grown)) > width;
      if (!isFull || powerOfTwoIn(coefficient) === weight) {
        last[0] = grown;
        continue;
      }
    }
    const weight = powerOfTwoIn(coefficient);
    parts.push([combine([[formOfCell(id), coefficient / weight]]), weight]);
  }
  return parts;
}

/**
 * Cut by digits of the weights: parts of `width` bits where that leaves digits of one bit and more. Weights of few bits also
 * raise the noise of their terms less.
 */
export function cutWeights(builder: CellBuilder, { terms }: Form, width: number): Parts {
  const unweighted = combine(terms.map(([id]) => [formOfCell(id), 1]));
  const digitBits = Math.max(1, width - widthOf(builder.range(unweighted)));
  const digits = terms.map(([, coefficient]) => signedDigits(coefficient, digitBits));
  const count = Math.max(...digits.map(({ length }) => length));
  const parts = Array.from({ length: count }, (_, k): [Form, number] => {
    const own = terms.map(([id], i): [Form, number] => [formOfCell(id), digits[i]?.[k] ?? 0]);
    return [combine(own.filter(([, digit]) => digit !== 0)), 2 ** (k * digitBits)];
  });
  return parts.filter(([part]) => part.terms.length > 0);
}

/** The largest power of two that divides a number other than 0. */
function powerOfTwoIn(value: number): number {
  let power = 1;
  while (value % (2 * power) === 0) power *= 2;
  return power;
}

/** The digits of an integer in base 2^bits, all of its sign, the least significant first. */
function signedDigits(value: number, bits: number): number[] {
  const base = 2 ** bits;
  const digits: number[] = [];
  for (let left = Math.abs(value); left > 0; left = Math.floor(left / base)) {
    digits.push(Math.sign(value) * (left % base));
  }
  return digits;
}
