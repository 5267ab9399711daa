/**
 * Scale layers: two as one, and their constants along one axis.
 */
import type { Constant, ScaleLayer } from '../../estimators/neural/network.ts';
import { broadcastIndex, broadcastShapes } from '../../tracer/broadcast.ts';

/** (x f + o) g + p = x f g + (o g + p). */
export function mergedScales(first: ScaleLayer, second: ScaleLayer): ScaleLayer {
  const { name } = second;
  const factor = combined(name, first.factor, second.factor, (f, g) => f * g);
  const shifted = combined(name, first.offset, second.factor, (o, g) => o * g);
  const offset = combined(name, shifted, second.offset, (o, p) => o + p);
  return { ...second, input: first.input, factor, offset };
}

/**
 * The elements of a constant along one axis of a shape that it broadcasts against; undefined where it differs along
 * others.
 */
export function alongAxis(
  { shape, data }: Constant,
  target: readonly number[],
  axis: number,
): number[] | undefined {
  const own = axis - (target.length - shape.length);
  if (shape.some((extent, each) => extent !== 1 && each !== own)) return undefined;
  const extent = target[axis]!;
  return data.length === 1 ? new Array<number>(extent).fill(data[0]!) : [...data];
}

function combined(
  name: string,
  a: Constant,
  b: Constant,
  f: (a: number, b: number) => number,
): Constant {
  const shape = broadcastShapes(name, a.shape, b.shape);
  const spread = (each: Constant): readonly number[] => {
    const index = broadcastIndex(each.shape, shape);
    return index === null ? each.data : Array.from(index, (at) => each.data[at]!);
  };
  const [left, right] = [spread(a), spread(b)];
  const data = left.map((value, i) => f(value, right[i]!));
  return { shape, data };
}
