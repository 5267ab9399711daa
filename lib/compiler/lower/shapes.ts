/**
 * Shapes of tables for which all bits of an index, extracted one by one, do: such tables are never looked up as a whole.
 */
import { bitsFor } from './diagram.ts';

/** A table that has `value` at `at` and `other` everywhere else, as tests for equality are. */
export interface Single {
  readonly at: number;
  /** Bits of the distance of an index from `at`. */
  readonly width: number;
  readonly value: number;
  readonly other: number;
}

/** `slope * index + offset`. */
export interface Line {
  readonly slope: number;
  readonly offset: number;
}

/** A table that is one line before the entry `at` and another from there on, as max(x, 0) and |x| are. */
export interface Hinge {
  readonly at: number;
  readonly before: Line;
  readonly after: Line;
  /** Bits of the distance of an index from `at`, on either side, and behind it. */
  readonly width: number;
  readonly widthAfter: number;
}

export function singleOf(values: Float64Array): Single | null {
  const [first, second, third] = values as unknown as [number, number, number];
  if (values.length < 3) return null;
  const other = first === second ? first : third;
  const at = values.findIndex((value) => value !== other);
  if (at < 0 || values.findLastIndex((value) => value !== other) !== at) return null;
  const width = bitsFor(Math.max(at + 1, values.length - at));
  return { at, width, value: values[at] as number, other };
}

export function hingeOf(values: Float64Array): Hinge | null {
  if (values.length < 4) return null;
  const before = lineAt(values, 0);
  const after = lineAt(values, values.length - 2);
  const isOn = ({ slope, offset }: Line) => {
    return (value: number, index: number) => value === slope * index + offset;
  };
  const first = values.findIndex((value, index) => !isOn(before)(value, index));
  if (first < 0 || !values.subarray(first).every((v, i) => isOn(after)(v, first + i))) return null;
  // Where both lines meet, nothing is added to a multiple of the distance.
  const at = isOn(after)(values[first - 1] as number, first - 1) ? first - 1 : first;
  const widthAfter = bitsFor(values.length - at);
  return { at, before, after, width: Math.max(bitsFor(at), widthAfter), widthAfter };
}

/** The line through two neighbours. */
function lineAt(values: Float64Array, index: number): Line {
  const [value, next] = [values[index] as number, values[index + 1] as number];
  const slope = next - value;
  return { slope, offset: value - slope * index };
}
