/**
 * The weights of a TensorFlow.js model: what its manifest declares, read from the bytes beside it.
 *
 * Nothing is allocated before the declared sizes are those of the bytes that are there.
 */
import { isNumber } from '../../estimators/state.ts';
import { error } from '../../lib/errors.ts';
import { badModel, recordOf, textOf } from './json.ts';

/** The bytes of all weights: one piece, or the shards in the order of the manifest's paths. */
export type WeightBytes = Uint8Array | ArrayBuffer | readonly (Uint8Array | ArrayBuffer)[];

/** One array of weights, in C order and Keras' own layout. */
export interface KerasWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** How a weight lies in the bytes. */
interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly format: Format;
  /** Stored integers q stand for q * scale + min. */
  readonly scale: number;
  readonly min: number;
  readonly rounded: boolean;
}

/** A type of number: its bytes, and how one is read. */
interface Format {
  readonly bytes: number;
  read(view: DataView, offset: number): number;
}

const formats: Readonly<Record<string, Format>> = {
  float32: { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  float16: { bytes: 2, read: (view, offset) => float16(view.getUint16(offset, true)) },
  int32: { bytes: 4, read: (view, offset) => view.getInt32(offset, true) },
  uint8: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  uint16: { bytes: 2, read: (view, offset) => view.getUint16(offset, true) },
  bool: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
};

/**
 * All weights of a manifest: float32, float16, int32, bool, and floats stored as uint8, uint16 or float16.
 *
 * @throws BAD_MODEL for another manifest; UNSUPPORTED for other types, all at once; SHAPE_MISMATCH where the bytes are not as
 * many as declared; NOT_FINITE for NaN and infinite weights.
 */
export function readWeights(manifest: unknown, bytes: WeightBytes): readonly KerasWeight[] {
  const groups = groupsOf(manifest);
  const whole = joined(groups, pieces(bytes));
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  let offset = 0;
  return groups
    .flatMap(({ entries }) => entries)
    .map((entry) => {
      const { name, shape, size, format, scale, min, rounded } = entry;
      const start = offset;
      offset += size * format.bytes;
      const data = Float64Array.from({ length: size }, (_, i) => {
        const value = format.read(view, start + i * format.bytes) * scale + min;
        return rounded ? Math.round(value) : value;
      });
      const bad = data.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) {
        const remedy = 'train again: the training diverged, or the file is damaged';
        throw error('NOT_FINITE', { what: `${name}[${bad}]`, given: data[bad], remedy });
      }
      return { name, shape, data };
    });
}

interface Group {
  readonly paths: readonly string[];
  readonly entries: readonly Entry[];
  readonly bytes: number;
}

function groupsOf(manifest: unknown): readonly Group[] {
  if (!Array.isArray(manifest)) throw badModel('weightsManifest', manifest, 'a list of groups');
  const unsupported: string[] = [];
  const names = new Set<string>();
  const groups = manifest.map((each, i) => {
    const what = `weightsManifest[${i}]`;
    const { weights, paths } = recordOf(each, what);
    if (!Array.isArray(weights)) throw badModel(`${what}.weights`, weights, 'a list');
    if (!Array.isArray(paths)) throw badModel(`${what}.paths`, paths, 'a list of file names');
    const entries = weights.flatMap((weight, j) => entryOf(weight, `${what}.weights[${j}]`));
    for (const entry of entries) {
      if (typeof entry === 'string') unsupported.push(entry);
      else if (names.has(entry.name)) throw badModel(entry.name, 'it twice', 'each name once');
      else names.add(entry.name);
    }
    const known = entries.filter((entry) => typeof entry !== 'string');
    const bytes = known.reduce((sum, { size, format }) => sum + size * format.bytes, 0);
    return { paths: paths.map((path) => textOf(path, `${what}.paths`)), entries: known, bytes };
  });
  if (unsupported.length > 0) {
    throw error('UNSUPPORTED', {
      what: 'weightsManifest',
      given: unsupported.join('; '),
      allowed: Object.keys(formats).join(', '),
      remedy: 'export the model with weights of these types',
    });
  }
  return groups;
}

/** One weight of the manifest; in words, where its type is not supported. */
function entryOf(weight: unknown, what: string): Entry | string {
  const { name: given, shape, dtype, quantization } = recordOf(weight, what);
  const name = textOf(given, `${what}.name`);
  if (!Array.isArray(shape) || !shape.every((each) => Number.isSafeInteger(each) && each >= 0)) {
    throw badModel(`${name}: shape`, shape, 'a list of integers >= 0');
  }
  const size = shape.reduce((product: number, each: number) => product * each, 1);
  const stored = quantization === undefined ? { dtype } : recordOf(quantization, name);
  if (typeof stored.dtype !== 'string' || !Object.hasOwn(formats, stored.dtype)) {
    return `${name} of type ${stored.dtype}`;
  }
  const common = { name, shape, size, format: formats[stored.dtype]!, rounded: dtype === 'int32' };
  const isAffine = quantization !== undefined && stored.dtype.startsWith('uint');
  const { scale = isAffine ? undefined : 1, min = isAffine ? undefined : 0 } = stored as {
    readonly scale?: unknown;
    readonly min?: unknown;
  };
  if (!isNumber(scale) || !isNumber(min)) {
    throw badModel(`${name}: quantization`, quantization, 'a finite min and scale');
  }
  return { ...common, scale, min };
}

function pieces(bytes: WeightBytes): readonly Uint8Array[] {
  const list: readonly unknown[] = Array.isArray(bytes) ? bytes : [bytes];
  return list.map((piece) => {
    if (piece instanceof Uint8Array) return piece;
    if (piece instanceof ArrayBuffer) return new Uint8Array(piece);
    const allowed = 'a Uint8Array, an ArrayBuffer, or a list of them';
    throw error('BAD_OPTION', { what: 'weights', given: typeof piece, allowed });
  });
}

/** All pieces as one. @throws SHAPE_MISMATCH naming the group whose shards have another size than declared */
function joined(groups: readonly Group[], shards: readonly Uint8Array[]): Uint8Array {
  const remedy = 'give all files that weightsManifest names, complete and in its order';
  const paths = groups.flatMap((group) => group.paths);
  if (shards.length > 1 && shards.length !== paths.length) {
    const given = `${shards.length} pieces`;
    const allowed = `${paths.length}: ${paths.join(', ')}`;
    throw error('SHAPE_MISMATCH', { what: 'weights', given, allowed, remedy });
  }
  const check = (what: string, own: readonly Uint8Array[], bytes: number) => {
    const given = own.reduce((sum, shard) => sum + shard.length, 0);
    if (given === bytes) return;
    const details = { given: `${given} bytes`, allowed: `${bytes}, as weightsManifest says` };
    throw error('SHAPE_MISMATCH', { what, ...details, remedy });
  };
  if (shards.length === 1) {
    const declared = groups.reduce((sum, { bytes }) => sum + bytes, 0);
    check('weights', shards, declared);
    return shards[0]!;
  }
  let first = 0;
  for (const group of groups) {
    const own = shards.slice(first, first + group.paths.length);
    check(`weights: ${group.paths.join(', ')}`, own, group.bytes);
    first += group.paths.length;
  }
  const whole = new Uint8Array(shards.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const shard of shards) {
    whole.set(shard, offset);
    offset += shard.length;
  }
  return whole;
}

/** The number of 16 bits of IEEE 754: sign, 5 bits of exponent, 10 of fraction. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
