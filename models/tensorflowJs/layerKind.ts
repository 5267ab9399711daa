/**
 * What is known of a class of layers: its options with their tests, its weights, and the layers of a network that it becomes.
 */
import type { Draft, Value } from './draft.ts';
import type { JsonObject } from './json.ts';

/** A call of a layer, as its kind sees it. Options have passed their tests. */
export interface Call {
  /** The name that errors and the network's layers have: names of nested models in front. */
  readonly name: string;
  readonly config: JsonObject;
  readonly isKeras3: boolean;
  /** One of the layer's weights, in Keras' layout. @throws SHAPE_MISMATCH, BAD_MODEL */
  weight(name: string, shape: readonly number[]): Float64Array;
}

/** An option: the values that are supported, in words, and the test for them; `undefined` is an absent one. */
export interface Option {
  readonly allowed: string;
  accepts(value: unknown, isKeras3: boolean): boolean;
}

/** A class of layers. */
export interface LayerKind {
  /** Every option that decides what is computed. Null: none of its options does. */
  readonly options: Readonly<Record<string, Option>> | null;
  /** Whether it is called on several values. */
  readonly isMerge?: true;
  /** The names of its weights, in the order in which Keras 3 numbers them. */
  weights?(config: JsonObject): readonly string[];
  /** What it does to its values before the activation. @throws SHAPE_MISMATCH naming the layer */
  build(call: Call, inputs: readonly Value[], draft: Draft): Value;
}
