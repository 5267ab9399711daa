/**
 * Sums of products named by letters: `einsum('ij,jk->ik', x, y)` is a matrix product.
 */
import { type BlindfitError, error } from '../../lib/errors.ts';
import { type ArrayResult, argumentOf, locate, type Operand } from '../record.ts';
import { sizeOf } from '../tensor.ts';
import { multiply } from './arithmetic.ts';
import { diagonal } from './diagonal.ts';
import { matmul } from './matmul.ts';
import { sum } from './reduce.ts';
import { moveaxis } from './reorder.ts';
import { reshape, transpose } from './shape.ts';

/** An array whose axes have letters, each once. */
interface Lettered {
  readonly value: Operand;
  readonly letters: readonly string[];
}

/**
 * numpy's einsum: each letter is an axis; those that are not in the result are summed over, and a letter that stands twice
 * in one operand is its diagonal. Without `->` the result has the letters that stand once, in the order of the alphabet.
 * Two operands at a time become a matrix product, from the left.
 *
 * @throws BAD_OPTION for letters that do not fit the operands, and for an ellipsis; SHAPE_MISMATCH where axes of one
 * letter have different extents
 */
export function einsum<X extends Operand>(
  subscripts: string,
  ...operands: readonly [X, ...X[]]
): ArrayResult<X> {
  return locate(() => {
    const { inputs, output } = parse(subscripts, operands.length);
    const extents = new Map<string, number>();
    const arrays = operands.map((value, k) => {
      const letters = inputs[k]!;
      checkExtents(subscripts, argumentOf(value, 'einsum').shape, letters, extents);
      return withoutRepeats({ value, letters });
    });
    let [result, ...rest] = arrays as [Lettered, ...Lettered[]];
    for (const [k, next] of rest.entries()) {
      const later = new Set([...output, ...rest.slice(k + 1).flatMap(({ letters }) => letters)]);
      result = product(result, next, later, extents);
    }
    return ordered(summed(result, new Set(output)), output);
  }) as ArrayResult<X>;
}

function parse(subscripts: string, count: number): { inputs: string[][]; output: string[] } {
  const refuse = (given: string, allowed: string): BlindfitError =>
    error('BAD_OPTION', { what: 'einsum', given, allowed, remedy: "write as 'ij,jk->ik'" });
  const text = String(subscripts).replaceAll(' ', '');
  const [, left, right] = /^([A-Za-z,]*)(?:->([A-Za-z]*))?$/.exec(text) ?? [];
  if (left === undefined) throw refuse(text, 'letters, commas and ->');
  const inputs = left.split(',').map((letters) => [...letters]);
  if (inputs.length !== count) throw refuse(`${text} for ${count} operands`, 'as many as operands');
  const all = inputs.flat();
  const once = all.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort();
  const output = right === undefined ? once : [...right];
  if (new Set(output).size !== output.length || output.some((letter) => !all.includes(letter))) {
    throw refuse(text, 'each letter of the result once, and in an operand');
  }
  return { inputs, output };
}

function checkExtents(
  subscripts: string,
  shape: readonly number[],
  letters: readonly string[],
  extents: Map<string, number>,
): void {
  if (letters.length !== shape.length) {
    const given = `${letters.join('')} for shape [${shape.join(', ')}]`;
    throw error('BAD_OPTION', { what: 'einsum', given, allowed: 'a letter for each axis' });
  }
  letters.forEach((letter, axis) => {
    const extent = shape[axis]!;
    const known = extents.get(letter) ?? extent;
    if (known !== extent) {
      const given = `${letter} of ${known} and of ${extent} elements in ${subscripts}`;
      throw error('SHAPE_MISMATCH', { what: 'einsum', given, allowed: 'one extent for a letter' });
    }
    extents.set(letter, extent);
  });
}

/** A letter that stands twice becomes the diagonal of its two axes. */
function withoutRepeats({ value, letters }: Lettered): Lettered {
  const second = letters.findIndex((letter, axis) => letters.indexOf(letter) < axis);
  if (second < 0) return { value, letters };
  const letter = letters[second]!;
  const axes = { axis1: letters.indexOf(letter), axis2: second };
  const rest = letters.filter((_, axis) => axis !== axes.axis1 && axis !== axes.axis2);
  return withoutRepeats({ value: diagonal(value, axes) as Operand, letters: [...rest, letter] });
}

/** Summed over the letters that nothing needs. */
function summed({ value, letters }: Lettered, needed: ReadonlySet<string>): Lettered {
  const axis = letters.flatMap((letter, at) => (needed.has(letter) ? [] : [at]));
  if (axis.length === 0) return { value, letters };
  const left = letters.filter((letter) => needed.has(letter));
  return { value: sum(value, { axis }) as Operand, letters: left };
}

function ordered({ value, letters }: Lettered, wanted: readonly string[]): Operand {
  if (wanted.every((letter, axis) => letter === letters[axis])) return value;
  const axes = wanted.map((letter) => letters.indexOf(letter));
  return transpose(value, axes) as Operand;
}

/** Letters of both that are needed later are a batch, other ones of both are contracted: a matrix product. */
function product(
  a: Lettered,
  b: Lettered,
  later: ReadonlySet<string>,
  extents: ReadonlyMap<string, number>,
): Lettered {
  const x = summed(a, new Set([...later, ...b.letters]));
  const y = summed(b, new Set([...later, ...a.letters]));
  const both = x.letters.filter((letter) => y.letters.includes(letter));
  const batch = both.filter((letter) => later.has(letter));
  const inner = both.filter((letter) => !later.has(letter));
  const rows = x.letters.filter((letter) => !both.includes(letter));
  const columns = y.letters.filter((letter) => !both.includes(letter));
  const letters = [...batch, ...rows, ...columns];
  const shapeOf = (names: readonly string[]) => names.map((letter) => extents.get(letter)!);
  const lay = (array: Lettered, order: readonly string[], shape: readonly number[]): Operand =>
    reshape(ordered(array, order), shape) as Operand;
  const count = (names: readonly string[]): number => sizeOf(shapeOf(names));
  if (inner.length === 0) {
    const left = [...batch, ...rows];
    const wide = lay(x, left, [...shapeOf(left), ...columns.map(() => 1)]);
    const right = [...shapeOf(batch), ...rows.map(() => 1), ...shapeOf(columns)];
    return { value: multiply(wide, lay(y, [...batch, ...columns], right)) as Operand, letters };
  }
  const sizes = [...shapeOf(batch), count(rows), count(inner)];
  const left = lay(x, [...batch, ...rows, ...inner], sizes);
  const turned = lay(
    y,
    [...batch, ...columns, ...inner],
    [...shapeOf(batch), count(columns), count(inner)],
  );
  const value = matmul(left, moveaxis(turned, -1, -2) as Operand) as Operand;
  return { value: reshape(value, shapeOf(letters)) as Operand, letters };
}
