/**
 * Which weight of a file belongs to which layer.
 *
 * Keras 2 and TensorFlow.js write `layer/kernel`, Keras 3 also `model/layer/kernel`, or, in a `.keras` file,
 * `layers/dense_1/vars/0`: by class and number.
 */
import { error } from '../../lib/errors.ts';
import { sizeOf } from '../../tracer/tensor.ts';
import type { LayerCall } from './topology.ts';
import type { KerasWeight } from './weights.ts';

/** Finds the weights of layers by the last part of their names. */
export interface WeightIndex {
  readonly byEnd: ReadonlyMap<string, readonly KerasWeight[]>;
  /** Whether names end with numbers. */
  readonly isNumbered: boolean;
}

/** An index of all weights of a file. */
export function weightIndex(weights: readonly KerasWeight[]): WeightIndex {
  const byEnd = new Map<string, KerasWeight[]>();
  for (const weight of weights) {
    const parts = partsOf(weight);
    const key = parts.length > 1 ? parts.slice(-2).join('/') : bare(weight.name);
    const list = byEnd.get(key);
    if (list === undefined) byEnd.set(key, [weight]);
    else list.push(weight);
  }
  const isNumbered = weights.length > 0 && weights.every(({ name }) => /\/\d+$/.test(name));
  return { byEnd, isNumbered };
}

/**
 * A weight of a layer.
 *
 * @param names all weights of the layer, in Keras' order
 * @throws BAD_MODEL where there is none, or more than one; SHAPE_MISMATCH for another shape
 */
export function weightOf(
  { byEnd, isNumbered }: WeightIndex,
  { path, numbered }: LayerCall,
  names: readonly string[],
  name: string,
  shape: readonly number[],
): Float64Array {
  const own = isNumbered ? numbered : path;
  const what = `${path.join('/')}: ${name}`;
  const endings = isNumbered
    ? [`${own.at(-1)}/${names.indexOf(name)}`]
    : [`${own.at(-1)}/${name}`, `${own.at(-1)}/${otherNames[name]}`, bare(name)];
  const ends = endings.map((ending) => byEnd.get(ending) ?? []).find(({ length }) => length > 0);
  // Layers of one name in several models differ by the models' names.
  const found =
    ends !== undefined && ends.length > 1
      ? ends.filter((weight) => isInside(partsOf(weight), own, isNumbered))
      : (ends ?? []);
  if (found.length !== 1) {
    const given = found.length === 0 ? 'no such weight' : `${found.length} weights of this name`;
    const allowed = `one that ends with ${endings[0]}`;
    throw error('BAD_MODEL', { what, given, allowed });
  }
  const [weight] = found as [KerasWeight];
  const fits =
    weight.shape.length === shape.length && weight.shape.every((each, i) => each === shape[i]);
  if (fits && weight.data.length === sizeOf(shape)) return weight.data;
  throw error('SHAPE_MISMATCH', {
    what,
    given: `the shape [${weight.shape.join(', ')}]`,
    allowed: `[${shape.join(', ')}]`,
    remedy: 'export the model again',
  });
}

/** Names that Keras 3 has changed. */
const otherNames: Readonly<Record<string, string>> = { depthwise_kernel: 'kernel' };

/** Where weights are that have no layer in their names: those of a Normalization that was adapted before it was in a model. */
function bare(name: string): string {
  return `/${name}`;
}

/** The parts of a name that say where the weight belongs. */
function partsOf({ name }: KerasWeight): readonly string[] {
  return name.split('/').filter((part) => part !== 'vars');
}

/** Whether the parts of a weight's name before its own are a path: all of it by number, in its order by name. */
function isInside(parts: readonly string[], path: readonly string[], isNumbered: boolean): boolean {
  const around = parts.slice(0, -1).filter((part) => !isNumbered || !holders.includes(part));
  if (isNumbered) return around.join('/') === path.join('/');
  let next = 0;
  for (const part of around) if (part === path[next]) next++;
  return next === path.length;
}

/** Parts of numbered names that stand for the model around. */
const holders: readonly string[] = ['layers', '_layer_checkpoint_dependencies'];
