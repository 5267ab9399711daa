/**
 * Making an array larger at its borders.
 */
import { error } from '../../lib/errors.ts';
import { checkOptions } from '../../lib/options.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { type ArrayLike, toIntegerTensor } from '../tensor.ts';
import { cross, rearrange } from './move.ts';
import { modulo } from './reorder.ts';
import { broadcastTo } from './shape.ts';

/**
 * What stands beyond a border: a constant; the element at the border (edge); the elements in reverse, without the
 * border (reflect) or with it (symmetric); the elements from the other end (wrap).
 */
export type PadMode = 'constant' | 'edge' | 'reflect' | 'symmetric' | 'wrap';

/** How `pad` fills. */
export interface PadOptions<C extends Operand = Operand> {
  /** Default: 'constant'. */
  readonly mode?: PadMode;
  /** For 'constant': one value, or [before, after], or one such pair per axis; may be traced. Default: 0. */
  readonly constantValues?: C;
}

/** For each mode, the place inside 0 to extent - 1 that stands at a place outside. */
const insides: Readonly<Record<PadMode, (place: number, extent: number) => number>> = {
  constant: (place) => place,
  edge: (place, extent) => Math.min(Math.max(place, 0), extent - 1),
  reflect: (place, extent) => mirror(place, extent, 2 * extent - 2),
  symmetric: (place, extent) => {
    const turned = modulo(place, 2 * extent);
    return turned < extent ? turned : 2 * extent - 1 - turned;
  },
  wrap: modulo,
};

/**
 * x with `width` more elements at both ends of each axis: one number for all, or [before, after], or such a pair for
 * each axis.
 *
 * @throws BAD_OPTION for an unknown mode, widths that are no whole numbers of 0 or more, or an empty axis that has
 * nothing to repeat; SHAPE_MISMATCH where widths or constants do not broadcast to one pair per axis
 */
export function pad<X extends Operand, C extends Operand = never>(
  x: X,
  width: ArrayLike,
  options: PadOptions<C> = {},
): ArrayResult<X | C> {
  return locate(() => {
    checkOptions('pad', options, ['mode', 'constantValues']);
    const { mode = 'constant', constantValues = 0 } = options;
    if (!Object.hasOwn(insides, mode)) {
      const allowed = Object.keys(insides);
      throw error('BAD_OPTION', { what: 'pad: mode', given: mode, allowed });
    }
    const rank = argumentOf(x, 'pad').shape.length;
    const widths = toIntegerTensor(
      broadcastTo(toIntegerTensor(width, 'pad: width'), [rank, 2]) as ArrayLike,
    ).data;
    const negative = widths.find((each) => each < 0);
    if (negative !== undefined) {
      const allowed = 'whole numbers of 0 or more';
      throw error('BAD_OPTION', { what: 'pad: width', given: negative, allowed });
    }
    const filling = broadcastTo(constantValues, [rank, 2]);
    const rule = (shape: readonly number[]) => {
      const places = shape.map((extent, axis) => {
        const [before, after] = [widths[2 * axis]!, widths[2 * axis + 1]!];
        if (mode !== 'constant' && extent === 0 && before + after > 0) {
          const what = `pad: axis ${axis}`;
          throw error('BAD_OPTION', { what, given: `mode ${mode}`, allowed: 'no empty axis' });
        }
        return Array.from({ length: before + extent + after }, (_, i) => {
          const place = i - before;
          if (place >= 0 && place < extent) return place;
          if (mode === 'constant') return -1 - (2 * axis + (place < 0 ? 0 : 1));
          return insides[mode](place, extent);
        });
      });
      return { ...cross(shape, places), parameters: `[${widths.join(', ')}], ${mode}` };
    };
    return rearrange('pad', x, rule, mode === 'constant' ? (filling as Operand) : null);
  }) as ArrayResult<X | C>;
}

function mirror(place: number, extent: number, period: number): number {
  if (extent === 1) return 0;
  const turned = modulo(place, period);
  return turned < extent ? turned : period - turned;
}
