/** Diagrams as leveled values: a branch is one CMUX, whatever values stand at the leaves. */
import type { Diagrams } from './diagram.ts';
import type { Values } from './value.ts';

export class Branches {
  readonly #diagrams: Diagrams;
  readonly #values: Values;
  /** By node of the diagram at hand, one more than its value; 0 stands for what is not known yet. */
  #known = new Int32Array(1024);
  /** The nodes that are known. */
  readonly #visited: number[] = [];

  constructor(diagrams: Diagrams, values: Values) {
    this.#diagrams = diagrams;
    this.#values = values;
  }

  /** The value of a diagram with `leafOf(v)` in the place of each leaf `v`. */
  of(root: number, leafOf: (value: number) => number): number {
    // Nodes below the root have smaller numbers.
    if (this.#known.length <= root) this.#known = new Int32Array(2 * (root + 1));
    const value = this.#ofNode(root, leafOf);
    for (const node of this.#visited) this.#known[node] = 0;
    this.#visited.length = 0;
    return value;
  }

  #ofNode(node: number, leafOf: (value: number) => number): number {
    const known = this.#known[node] as number;
    if (known !== 0) return known - 1;
    const leaf = this.#diagrams.leafValue(node);
    const value =
      leaf !== null
        ? leafOf(leaf)
        : this.#values.branch(
            this.#diagrams.bit(node),
            this.#ofNode(this.#diagrams.zero(node), leafOf),
            this.#ofNode(this.#diagrams.one(node), leafOf),
          );
    this.#known[node] = value + 1;
    this.#visited.push(node);
    return value;
  }
}
