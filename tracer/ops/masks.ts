/**
 * Masks: arrays of truth values that say which elements are meant.
 */
import { error } from '../../lib/errors.ts';
import { argumentOf, locate, type Operand } from '../record.ts';
import { type ClearArray, fromTensor, indexAt, type Tensor } from '../tensor.ts';

/** Tells nested arrays of booleans, one at least, from other indices. */
export function isMask(index: unknown): boolean {
  if (!Array.isArray(index)) return typeof index === 'boolean';
  return index.length > 0 && index.every(isMask);
}

/** For each axis the indices of the elements that are not 0, in row-major order. */
export function truePlaces(mask: Tensor): Tensor[] {
  const places: number[][] = [];
  mask.data.forEach((truth, i) => {
    if (truth !== 0) places.push(indexAt(mask.shape, i));
  });
  return mask.shape.map((_, axis) => {
    const data = Float64Array.from(places, (place) => place[axis]!);
    return { shape: [places.length], data };
  });
}

/**
 * For each axis the indices of the elements of a clear array that are not 0: `x.at(...nonzero(less(w, 3)))`.
 *
 * @throws UNSUPPORTED for a traced array; SHAPE_MISMATCH for rank 0
 */
export function nonzero(x: Operand): ClearArray[] {
  return locate(() => {
    const { shape, tensor } = argumentOf(x, 'nonzero');
    if (!tensor) {
      const remedy = 'choose with np.where: what a traced condition picks has no fixed shape';
      throw error('UNSUPPORTED', { what: 'nonzero', given: 'a traced value', remedy });
    }
    if (shape.length === 0) {
      throw error('SHAPE_MISMATCH', { what: 'nonzero', given: shape, allowed: 'rank 1 or more' });
    }
    return truePlaces(tensor).map(fromTensor);
  });
}
