/**
 * Functions that repeat the elements of one array.
 */
import { error } from '../../lib/errors.ts';
import { normalizeAxis } from '../broadcast.ts';
import { type ArrayResult, locate, type Operand } from '../record.ts';
import { cross, range, rearrange } from './move.ts';
import { flatten } from './shape.ts';

/**
 * x laid side by side with itself, `repetitions[k]` times along axis k. Where x or the list is shorter, it counts as
 * if it had more ones in front.
 *
 * @throws BAD_OPTION for what is no whole number of 0 or more
 */
export function tile<X extends Operand>(
  x: X,
  repetitions: number | readonly number[],
): ArrayResult<X> {
  return rearrange('tile', x, (shape) => {
    const given = typeof repetitions === 'number' ? [repetitions] : repetitions;
    for (const each of given) checkTimes('tile', each);
    const rank = Math.max(shape.length, given.length);
    const own = [...new Array<number>(rank - shape.length).fill(1), ...shape];
    const times = [...new Array<number>(rank - given.length).fill(1), ...given];
    const places = own.map((extent, axis) =>
      range(extent * times[axis]!).map((place) => place % extent),
    );
    return { ...cross(own, places), parameters: `[${times.join(', ')}]` };
  });
}

/**
 * Each element `repetitions` times in a row along `axis`, or as often as the list says for its place. Without an axis,
 * of all elements in one row.
 *
 * @throws BAD_OPTION for what is no whole number of 0 or more; SHAPE_MISMATCH for a list of another length
 */
export function repeat<X extends Operand>(
  x: X,
  repetitions: number | readonly number[],
  axis: number | null = null,
): ArrayResult<X> {
  return locate(() => {
    if (axis === null) return repeat(flatten(x) as Operand, repetitions, 0) as ArrayResult<X>;
    return rearrange('repeat', x, (shape) => {
      const at = normalizeAxis('repeat', axis, shape.length);
      const given = typeof repetitions === 'number' ? [repetitions] : repetitions;
      for (const each of given) checkTimes('repeat', each);
      const extent = shape[at]!;
      if (given.length !== 1 && given.length !== extent) {
        const what = 'repeat: repetitions';
        throw error('SHAPE_MISMATCH', { what, given: given.length, allowed: `1 or ${extent}` });
      }
      const places = shape.map((each, k) => {
        if (k !== at) return range(each);
        return [...range(each)].flatMap((place) => {
          const times = given[given.length === 1 ? 0 : place]!;
          return new Array<number>(times).fill(place);
        });
      });
      return { ...cross(shape, places), parameters: `[${given.join(', ')}], axis=${at}` };
    });
  });
}

function checkTimes(what: string, times: number): void {
  if (Number.isSafeInteger(times) && times >= 0) return;
  const allowed = 'whole numbers of 0 or more';
  throw error('BAD_OPTION', { what: `${what}: repetitions`, given: times, allowed });
}
