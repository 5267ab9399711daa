/**
 * Functions of features that a fitted model can take over, so that it reads the features before them.
 */

/** Which functions a model can take over: those of weighted sums, or those of one feature each. */
export type MapKind = 'affine' | 'monotone';

/** outputs = matrix * inputs + offset. */
export interface AffineMap {
  readonly kind: 'affine';
  readonly inputs: number;
  /** outputs x inputs. */
  readonly matrix: readonly (readonly number[])[];
  readonly offset: readonly number[];
}

/** Each output is a function of one input that never falls. */
export interface MonotoneMap {
  readonly kind: 'monotone';
  readonly inputs: number;
  /** Whether NaN becomes NaN, or is refused. */
  readonly takesMissing: boolean;
  readonly outputs: readonly { readonly input: number; of(value: number): number }[];
}

/** A function of features, in one of the forms that models take over. */
export type FeatureMap = AffineMap | MonotoneMap;

/** The map that returns its inputs. */
export function identityMap(kind: MapKind, inputs: number): FeatureMap {
  const all = Array.from({ length: inputs }, (_, input) => input);
  if (kind === 'affine')
    return diagonalMap(
      all.map(() => 1),
      all.map(() => 0),
    );
  const outputs = all.map((input) => ({ input, of: (value: number) => value }));
  return { kind, inputs, takesMissing: true, outputs };
}

/** output_i = factor_i * input_i + offset_i. */
export function diagonalMap(factor: readonly number[], offset: readonly number[]): AffineMap {
  const matrix = factor.map((own, i) => factor.map((_, j) => (i === j ? own : 0)));
  return { kind: 'affine', inputs: factor.length, matrix, offset };
}

/** `outer` after `inner`; both of one kind. */
export function composed(outer: FeatureMap, inner: FeatureMap): FeatureMap {
  if (outer.kind === 'affine' && inner.kind === 'affine') {
    const along = (weights: readonly number[], of: (j: number) => number): number =>
      weights.reduce((sum, weight, j) => sum + weight * of(j), 0);
    const columns = Array.from({ length: inner.inputs }, (_, i) => i);
    return {
      kind: 'affine',
      inputs: inner.inputs,
      matrix: outer.matrix.map((row) =>
        columns.map((i) => along(row, (j) => inner.matrix[j]![i]!)),
      ),
      offset: outer.matrix.map((row, k) => outer.offset[k]! + along(row, (j) => inner.offset[j]!)),
    };
  }
  const [after, before] = [outer, inner] as [MonotoneMap, MonotoneMap];
  return {
    kind: 'monotone',
    inputs: before.inputs,
    takesMissing: after.takesMissing && before.takesMissing,
    outputs: after.outputs.map(({ input, of }) => {
      const own = before.outputs[input]!;
      return { input: own.input, of: (value) => of(own.of(value)) };
    }),
  };
}

/** Maps of one kind on inputs side by side. */
export function besideEachOther(kind: MapKind, maps: readonly FeatureMap[]): FeatureMap {
  const inputs = maps.reduce((sum, map) => sum + map.inputs, 0);
  let start = 0;
  const starts = maps.map((map) => {
    const own = start;
    start += map.inputs;
    return own;
  });
  if (kind === 'monotone') {
    const all = maps as readonly MonotoneMap[];
    const outputs = all.flatMap((map, m) =>
      map.outputs.map(({ input, of }) => ({ input: starts[m]! + input, of })),
    );
    return { kind, inputs, takesMissing: all.every(({ takesMissing }) => takesMissing), outputs };
  }
  const affine = maps as readonly AffineMap[];
  const matrix = affine.flatMap((map, m) =>
    map.matrix.map((row) => {
      const wide = new Array<number>(inputs).fill(0);
      row.forEach((weight, j) => {
        wide[starts[m]! + j] = weight;
      });
      return wide;
    }),
  );
  return { kind, inputs, matrix, offset: affine.flatMap(({ offset }) => offset) };
}
