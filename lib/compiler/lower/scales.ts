/**
 * Roundings of masks that are weighted sums of one query: what they have in common depends on their scales.
 *
 * What is left of u and of 2^k u after rounding to integers has the correlation -2^-k / 2 for a uniform u: the harmonics of
 * the one sawtooth are every 2^k-th of the other, with alternating sign. So weighted sums of one sign take from each other's
 * noise, and those of different signs add.
 */
import type { Form } from '../cells.ts';
import { type Family, type Squares, squaresOf } from './alike.ts';

/** A weighted sum of inputs: its sign, a power of two, and the rest. */
export interface Scale {
  readonly sign: '' | '-';
  readonly log2: number;
  readonly rest: string;
}

export function scaleOf({ terms }: Form): Scale {
  const content = terms.reduce((divisor, [, weight]) => gcd(divisor, Math.abs(weight)), 0);
  const negative = (terms[0]?.[1] ?? 0) < 0;
  let log2 = 0;
  while (content % 2 ** (log2 + 1) === 0) log2++;
  const unit = negative ? -content : content;
  return {
    sign: negative ? '-' : '',
    log2,
    rest: terms.map(([cell, weight]) => `${cell}:${weight / unit}`).join(),
  };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

export const scaleName = ({ sign, log2 }: Scale): string => `${sign}2^${log2}`;
const scaleNames = /^(-?)2\^(\d+)$/;

/** The class of masks with the other sign. */
export const opposite = (name: string): string =>
  name.replace(scaleNames, (_, sign, log2) => `${sign === '' ? '-' : ''}2^${log2}`);

/** A family of masks with the other sign. */
export function negated({ weight, classes }: Family): Family {
  return { weight, classes: new Map([...classes].map(([name, part]) => [opposite(name), part])) };
}

/** Most scales of which all choices are tried. */
const mostScales = 8;

/**
 * Squared weights of roundings. Where all are multiples of one weighted sum, the worst choice of them is found; else what
 * some may take from others is left out.
 */
export function roundingOf(family: Family, half: (squares: Squares) => number): number {
  const scales = [...family.classes].flatMap(([name, { weight, key }]) => {
    const [, sign, log2] = scaleNames.exec(name) ?? [];
    if (log2 === undefined) return [];
    return [{ weight: sign === '-' ? -weight : weight, log2: Number(log2), key }];
  });
  const covariance = (a: (typeof scales)[number], b: (typeof scales)[number]) => {
    const same = a.log2 === b.log2 ? 1 : -(2 ** -Math.abs(a.log2 - b.log2)) / 2;
    return same * a.weight * b.weight;
  };
  const [first] = scales;
  const multiples = scales.length === family.classes.size && scales.length <= mostScales;
  if (
    first !== undefined &&
    multiples &&
    scales.every(({ key }) => key !== null && key === first.key)
  )
    return largestChoice(scales.map((a) => scales.map((b) => covariance(a, b))));
  let sum = half(squaresOf(family));
  for (const a of scales)
    for (const b of scales) if (a.log2 !== b.log2) sum += Math.max(0, covariance(a, b));
  return sum;
}

/** The largest variance of a sum of some of the variables with these covariances. */
function largestChoice(covariances: readonly (readonly number[])[]): number {
  let most = 0;
  const choose = (next: number, chosen: readonly number[], variance: number) => {
    most = Math.max(most, variance);
    for (let i = next; i < covariances.length; i++) {
      const row = covariances[i] as readonly number[];
      const added = chosen.reduce((sum, k) => sum + 2 * (row[k] as number), row[i] as number);
      choose(i + 1, [...chosen, i], variance + added);
    }
  };
  choose(0, [], 0);
  return most;
}
