/**
 * Multi-terminal decision diagrams over the bits of fresh encrypted inputs (Bryant 1986, with integer leaves).
 * Nodes are hash-consed and reduced; a form of cells is built term by term, the partial sum being the state,
 * so a table of a weighted sum has at most (bits x distinct partial sums) nodes. No global variable order is
 * imposed: a path may test bits in any order, which is what decision trees need.
 */
import type { Cell, Form, Range } from '../cells.ts';

/** Bits per input scalar that a bit identifier leaves room for. */
const bitSpan = 64;

/** Identifies bit `bit` of `value - min` of an input scalar. */
export const bitOf = (input: number, bit: number): number => input * bitSpan + bit;
export const inputOfBit = (id: number): number => Math.floor(id / bitSpan);
export const positionOfBit = (id: number): number => id % bitSpan;

/** Number of bits of an unsigned range of `size` values. */
export const bitsFor = (size: number): number => Math.ceil(Math.log2(Math.max(1, size)));

/** Bits that tell the values of a range apart. */
export const widthOf = ({ min, max }: Range): number => bitsFor(max - min + 1);

export type DiagramNode =
  | { readonly kind: 'leaf'; readonly value: number }
  | { readonly kind: 'branch'; readonly bit: number; readonly zero: number; readonly one: number };

/** Steps that the construction may take for each node that the result may have; most are merged away. */
const visitsPerNode = 40;

/** Thrown when a diagram outgrows its budget: the caller then takes another engine. */
export class DiagramTooLarge extends Error {}

export class Diagrams {
  readonly nodes: DiagramNode[] = [];
  readonly #known = new Map<string, number>();
  readonly #cells: readonly Cell[];
  readonly #ofCell = new Map<number, number>();
  readonly #tooLarge = new Set<number>();
  #limit = Number.POSITIVE_INFINITY;
  #visits = 0;

  constructor(cells: readonly Cell[]) {
    this.#cells = cells;
  }

  leaf(value: number): number {
    return this.#add(`${value}`, { kind: 'leaf', value });
  }

  branch(bit: number, zero: number, one: number): number {
    if (zero === one) return zero;
    return this.#add(`${bit},${zero},${one}`, { kind: 'branch', bit, zero, one });
  }

  /**
   * The diagram of a form, built with at most `budget` new nodes and a multiple of it in steps.
   *
   * @throws DiagramTooLarge
   */
  ofForm(form: Form, budget: number): number {
    const outer = this.#limit;
    this.#limit = Math.min(outer, this.nodes.length + budget);
    this.#visits = budget * visitsPerNode;
    try {
      return this.#form(form.terms, (sum) => this.leaf(sum), form.constant);
    } finally {
      this.#limit = outer;
    }
  }

  /** Replaces every leaf `v` by the diagram `replacement(v)`. */
  substitute(root: number, replacement: (value: number) => number): number {
    const known = new Map<number, number>();
    const visit = (id: number): number => {
      const found = known.get(id);
      if (found !== undefined) return found;
      if (--this.#visits < 0) throw new DiagramTooLarge();
      const node = this.nodes[id] as DiagramNode;
      const result =
        node.kind === 'leaf'
          ? replacement(node.value)
          : this.branch(node.bit, visit(node.zero), visit(node.one));
      known.set(id, result);
      return result;
    };
    return visit(root);
  }

  /** The diagram of `leafOf(constant + sum of terms)`: state after a term is (term, partial sum). */
  #form(terms: Form['terms'], leafOf: (sum: number) => number, constant: number): number {
    const diagrams = terms.map(([cell]) => this.#cell(cell));
    const known = terms.map(() => new Map<number, number>());
    const from = (position: number, sum: number): number => {
      const term = terms[position];
      if (term === undefined) return leafOf(sum);
      const states = known[position] as Map<number, number>;
      let root = states.get(sum);
      if (root === undefined) {
        const next = (value: number): number => from(position + 1, sum + term[1] * value);
        root = this.substitute(diagrams[position] as number, next);
        states.set(sum, root);
      }
      return root;
    };
    return from(0, constant);
  }

  #cell(id: number): number {
    const found = this.#ofCell.get(id);
    if (found !== undefined) return found;
    if (this.#tooLarge.has(id)) throw new DiagramTooLarge();
    try {
      const root = this.#build(this.#cells[id] as Cell);
      this.#ofCell.set(id, root);
      return root;
    } catch (cause) {
      if (cause instanceof DiagramTooLarge) this.#tooLarge.add(id);
      throw cause;
    }
  }

  #build(cell: Cell): number {
    switch (cell.kind) {
      case 'input':
        return this.#input(cell.input, cell.min, widthOf(cell) - 1, cell.max);
      case 'table': {
        const { index, values } = cell;
        return this.#form(index.terms, (sum) => this.leaf(values[sum] as number), index.constant);
      }
      case 'where': {
        const one = this.#form(cell.then.terms, (v) => this.leaf(v), cell.then.constant);
        const other = cell.otherwise;
        const zero = this.#form(other.terms, (v) => this.leaf(v), other.constant);
        const { terms, constant } = cell.condition;
        return this.#form(terms, (value) => (value !== 0 ? one : zero), constant);
      }
      default:
        return cell satisfies never;
    }
  }

  /** Leaves `base + u`, most significant bit first; values above `max` never occur and cost no node. */
  #input(input: number, base: number, bit: number, max: number): number {
    if (bit < 0) return this.leaf(base);
    const zero = this.#input(input, base, bit - 1, max);
    const high = base + 2 ** bit;
    if (high > max) return zero;
    return this.branch(bitOf(input, bit), zero, this.#input(input, high, bit - 1, max));
  }

  #add(key: string, node: DiagramNode): number {
    let id = this.#known.get(key);
    if (id === undefined) {
      if (this.nodes.length >= this.#limit) throw new DiagramTooLarge();
      id = this.nodes.push(node) - 1;
      this.#known.set(key, id);
    }
    return id;
  }
}
