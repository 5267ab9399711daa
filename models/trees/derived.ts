/**
 * Columns that readers of trees derive from features, for tests that no threshold stands for.
 */
import type { PrepareStep } from '../imported/prepare.ts';

/** Collects derived columns, each once. Their tests are made on the client, and cost no more than other tests. */
export class DerivedColumns {
  readonly #features: number;
  readonly #places = new Map<string, number>();
  readonly #steps: PrepareStep[] = [];

  constructor(features: number) {
    this.#features = features;
  }

  /** The column that is 1 where the integer part of a feature >= `least` is one of the values, else 0. */
  member(feature: number, values: readonly number[], least: number): number {
    return this.#column(feature, { kind: 'member', values, least });
  }

  /** The column that has a feature's values but those in [-within, within], which are missing. */
  forgetting(feature: number, within: number): number {
    return this.#column(feature, { kind: 'forget', within });
  }

  /** The steps that make them and put them behind the features; none where nothing was derived. */
  steps(): PrepareStep[] {
    if (this.#places.size === 0) return [];
    const made = this.#steps.flatMap((step, i) => (step.kind === 'columns' ? [] : [i]));
    return [...this.#steps, { kind: 'concatenate', inputs: [-1, ...made] }];
  }

  #column(feature: number, step: Derivation): number {
    const key = JSON.stringify([feature, step]);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#steps.push({ kind: 'columns', input: -1, columns: [feature] });
    this.#steps.push({ ...step, input: this.#steps.length - 1 });
    const place = this.#features + this.#places.size;
    this.#places.set(key, place);
    return place;
  }
}

type Derivation = Step<'member'> | Step<'among'> | Step<'forget'>;
type Step<K> = Omit<Extract<PrepareStep, { readonly kind: K }>, 'input'>;
