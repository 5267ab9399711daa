/**
 * Multi-terminal decision diagrams over the bits of fresh inputs (Bryant 1986, with integer leaves).
 *
 * Nodes are hash-consed and reduced. A function of a weighted sum is built bit by bit, the heaviest bits first whatever
 * input they belong to, the state being the partial sum; a state ends where the function is constant on all sums that
 * can follow. So a table of a weighted sum has at most (bits x distinct partial sums) nodes, and a comparison, whose
 * operands' bits interleave by weight, has three a bit. No global order is imposed: a path may test bits in any order,
 * which is what decision trees need.
 */
import { type Cell, type Form, formOfCell, type Range } from '../cells.ts';
import { mapped } from '../mapped.ts';
import { UniqueTable } from './unique-table.ts';

/** Bits per cell that a bit identifier leaves room for. */
const bitSpan = 64;

/** Identifies bit `bit` of `value - min` of an input cell, or of a cell whose bits are computed. */
export const bitOf = (cell: number, bit: number): number => cell * bitSpan + bit;
export const cellOfBit = (id: number): number => Math.floor(id / bitSpan);
export const positionOfBit = (id: number): number => id % bitSpan;

/** Number of bits of an unsigned range of `size` values. */
export const bitsFor = (size: number): number => Math.ceil(Math.log2(Math.max(1, size)));

/** Bits that tell the values of a range apart. */
export const widthOf = ({ min, max }: Range): number => bitsFor(max - min + 1);

/**
 * Whether diagrams read a cell bit by bit. `bits` says whether encrypted inputs travel as bits; those of clear inputs are
 * there anyway.
 */
export const hasBits = (cell: Cell | undefined, bits: boolean): boolean =>
  cell?.kind === 'input' ? bits || cell.clear === true : cell?.kind === 'bits';

/** Steps that the construction may take for each node that the result may have; most are merged away. */
const visitsPerNode = 10;

/** Steps that all diagrams of a program together may take in vain; beyond, only small ones are tried. */
const failedSteps = 300_000;
const failedStepsPerCell = 30;
const leastBudget = 64;

/** The bit of a leaf. */
const noBit = -1;

/** Thrown when a diagram outgrows its budget: the caller then takes another engine. */
export class DiagramTooLarge extends Error {}

/** Thrown often and caught nearby: its stack would tell nothing. */
const tooLarge = new DiagramTooLarge();

/** A function of a sum: the node for one, and whether all sums from `low` to `high` have the same. */
interface Leaves {
  readonly of: (sum: number) => number;
  readonly same: (low: number, high: number) => boolean;
}

/** A bit of a term: what the sum grows by where it is 1. */
interface WeightedBit {
  readonly bit: number;
  readonly weight: number;
  /** Which of the terms that do not fill their bits it belongs to, and that term's largest value; else null. */
  readonly partial: { readonly index: number; readonly largest: number } | null;
}

export class Diagrams {
  /** Branches as (bit, zero, one), leaves as (no bit, index of the value, 0). */
  readonly #nodes = new UniqueTable();
  readonly #leaves = new Map<number, number>();
  readonly #leafValues: number[] = [];
  readonly #cells: readonly Cell[];
  readonly #bits: boolean;
  readonly #ofCell = new Map<number, number>();
  readonly #tooLarge = new Set<number>();
  /** What nodes were replaced by, for each substitution that is under way inside another. */
  readonly #replaced: Int32Array<ArrayBuffer>[] = [];
  #substitutions = 0;
  /** The nodes that those have visited. */
  readonly #visited: number[] = [];
  /** Steps left for diagrams that turn out too large: attempts must not take longer than all else. */
  #failedSteps: number;
  #limit = Number.POSITIVE_INFINITY;
  #visits = 0;
  /** The nodes before this one are of diagrams that are complete. */
  #kept = 0;

  /** `bits` is whether encrypted inputs travel as bits. */
  constructor(cells: readonly Cell[], bits: boolean) {
    this.#cells = cells;
    this.#bits = bits;
    this.#failedSteps = failedSteps + failedStepsPerCell * cells.length;
  }

  leaf(value: number): number {
    let id = this.#leaves.get(value);
    if (id === undefined) {
      id = this.#number(noBit, this.#leafValues.push(value) - 1, 0);
      this.#leaves.set(value, id);
    }
    return id;
  }

  branch(bit: number, zero: number, one: number): number {
    return zero === one ? zero : this.#number(bit, zero, one);
  }

  /** The value of a leaf, or null where a node is a branch. */
  leafValue(node: number): number | null {
    if (this.#nodes.first(node) !== noBit) return null;
    return this.#leafValues[this.#nodes.second(node)] as number;
  }

  /** The bit that a branch tests, and its two branches. */
  bit(node: number): number {
    return this.#nodes.first(node);
  }

  zero(node: number): number {
    return this.#nodes.second(node);
  }

  one(node: number): number {
    return this.#nodes.third(node);
  }

  /**
   * The diagram of a form, built with about `budget` new nodes at most and a multiple of it in steps.
   *
   * @throws DiagramTooLarge
   */
  ofForm(form: Form, budget: number): number {
    if (form.terms.some((term) => this.#isTooLarge(term[0]))) throw tooLarge;
    const left = Math.ceil(this.#failedSteps / visitsPerNode);
    const affordable = Math.max(leastBudget, Math.min(budget, left));
    const steps = affordable * visitsPerNode;
    this.#limit = this.#nodes.size + affordable;
    this.#visits = steps;
    this.#kept = this.#nodes.size;
    try {
      return this.#form(form, this.#sums());
    } catch (cause) {
      this.#failedSteps -= steps - Math.max(0, this.#visits);
      this.#forget(this.#kept);
      throw cause;
    } finally {
      this.#limit = Number.POSITIVE_INFINITY;
    }
  }

  /** Replaces every leaf `v` by the diagram `replacement(v)`. */
  substitute(root: number, replacement: (value: number) => number): number {
    const level = this.#substitutions++;
    // Nodes below the root have smaller numbers. 0 stands for what is not known yet.
    let known = this.#replaced[level];
    if (known === undefined || known.length <= root) {
      known = new Int32Array(Math.max(1024, 2 * (root + 1)));
      this.#replaced[level] = known;
    }
    const first = this.#visited.length;
    try {
      return this.#substitute(root, replacement, known);
    } finally {
      for (let at = first; at < this.#visited.length; at++) known[this.#visited[at] as number] = 0;
      this.#visited.length = first;
      this.#substitutions--;
    }
  }

  #substitute(node: number, replacement: (value: number) => number, known: Int32Array): number {
    const found = known[node] as number;
    if (found !== 0) return found - 1;
    this.#step();
    const value = this.leafValue(node);
    const result =
      value !== null
        ? replacement(value)
        : this.branch(
            this.bit(node),
            this.#substitute(this.zero(node), replacement, known),
            this.#substitute(this.one(node), replacement, known),
          );
    known[node] = result + 1;
    this.#visited.push(node);
    return result;
  }

  /** The sum itself. */
  #sums(): Leaves {
    return { of: (sum) => this.leaf(sum), same: (low, high) => low === high };
  }

  /** The diagram of a function of a form: terms with diagrams of their own first, then the bits of all others. */
  #form({ terms, constant }: Form, leaves: Leaves): number {
    const isPlain = (term: Form['terms'][number]) => hasBits(this.#cells[term[0]], this.#bits);
    const nested = terms.filter((term) => !isPlain(term));
    const diagrams = mapped(nested, (term) => this.#cell(term[0]));
    const known = mapped(nested, () => new Map<number, number>());
    const fromBits = this.#overBits(terms.filter(isPlain), leaves);
    const from = (position: number, sum: number): number => {
      const term = nested[position];
      if (term === undefined) return fromBits(sum);
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

  /** The diagram of `sum + weighted bits` for each sum that the other terms leave. */
  #overBits(terms: Form['terms'], leaves: Leaves): (sum: number) => number {
    const { bits, least } = this.#weighted(terms);
    // What the bits from each position on can still take away from the sum and add to it.
    const below = new Float64Array(bits.length + 1);
    const above = new Float64Array(bits.length + 1);
    for (let i = bits.length - 1; i >= 0; i--) {
      const { weight } = bits[i] as WeightedBit;
      below[i] = (below[i + 1] as number) + Math.min(0, weight);
      above[i] = (above[i + 1] as number) + Math.max(0, weight);
    }
    const known = mapped(bits, () => new Map<number | string, number>());
    /** `tight[k]`: whether the bits so far of partial term k are those of its largest value. */
    const from = (position: number, sum: number, tight: readonly boolean[]): number => {
      const bit = bits[position];
      if (bit === undefined) return leaves.of(sum);
      const low = sum + (below[position] as number);
      const high = sum + (above[position] as number);
      if (leaves.same(low, high)) return leaves.of(low);
      const states = known[position] as Map<number | string, number>;
      const key = tight.length === 0 ? sum : `${sum} ${tight}`;
      let root = states.get(key);
      if (root === undefined) {
        this.#step();
        const { weight, partial } = bit;
        const next = position + 1;
        if (partial === null || !tight[partial.index])
          root = this.branch(bit.bit, from(next, sum, tight), from(next, sum + weight, tight));
        else if (!reachesOne(bit.bit, partial.largest)) root = from(next, sum, tight);
        else {
          const free = tight.map((each, i) => i !== partial.index && each);
          root = this.branch(bit.bit, from(next, sum, free), from(next, sum + weight, tight));
        }
        states.set(key, root);
      }
      return root;
    };
    const count = bits.reduce((most, { partial }) => Math.max(most, (partial?.index ?? -1) + 1), 0);
    const start = new Array<boolean>(count).fill(true);
    return (sum) => from(0, sum + least, start);
  }

  /** The bits of all terms, the heaviest first, and the sum where all are 0. */
  #weighted(terms: Form['terms']): { bits: WeightedBit[]; least: number } {
    let least = 0;
    let partials = 0;
    const bits: WeightedBit[] = [];
    for (const [id, coefficient] of terms) {
      const cell = this.#cells[id] as Cell;
      least += coefficient * cell.min;
      const width = widthOf(cell);
      const largest = cell.max - cell.min;
      const partial = largest + 1 === 2 ** width ? null : { index: partials++, largest };
      for (let bit = width - 1; bit >= 0; bit--)
        bits.push({ bit: bitOf(id, bit), weight: coefficient * 2 ** bit, partial });
    }
    return { bits: bits.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)), least };
  }

  /** Whether a cell is known to be too large, or reads one that is: most are, and throwing through all of them takes long. */
  #isTooLarge(id: number): boolean {
    if (this.#tooLarge.has(id)) return true;
    const cell = this.#cells[id] as Cell;
    if (cell.kind !== 'table' || this.#ofCell.has(id)) return false;
    if (!cell.index.terms.some((term) => this.#tooLarge.has(term[0]))) return false;
    this.#tooLarge.add(id);
    return true;
  }

  #cell(id: number): number {
    const found = this.#ofCell.get(id);
    if (found !== undefined) return found;
    if (this.#tooLarge.has(id)) throw tooLarge;
    try {
      const root = this.#build(id, this.#cells[id] as Cell);
      this.#ofCell.set(id, root);
      this.#kept = this.#nodes.size;
      return root;
    } catch (cause) {
      if (cause instanceof DiagramTooLarge) this.#tooLarge.add(id);
      throw cause;
    }
  }

  #build(id: number, cell: Cell): number {
    switch (cell.kind) {
      case 'input':
      case 'bits':
        if (!hasBits(cell, this.#bits)) throw tooLarge;
        return this.#form(formOfCell(id), this.#sums());
      case 'carried':
        throw tooLarge;
      case 'table': {
        if (cell.refresh) throw tooLarge;
        return this.#form(cell.index, this.#entries(cell.values));
      }
      case 'where': {
        const one = this.#form(cell.then, this.#sums());
        const zero = this.#form(cell.otherwise, this.#sums());
        return this.#form(cell.condition, {
          of: (value) => (value !== 0 ? one : zero),
          same: (low, high) => low === high || low > 0 || high < 0,
        });
      }
      case 'alternatives': {
        for (const form of cell.forms.slice(0, -1)) {
          try {
            return this.#form(form(), this.#sums());
          } catch (cause) {
            if (!(cause instanceof DiagramTooLarge)) throw cause;
          }
        }
        return this.#form((cell.forms.at(-1) as () => Form)(), this.#sums());
      }
      case 'bit': {
        if (cell.whole === undefined) throw tooLarge;
        const above = (sum: number) => Math.floor(sum / 2 ** cell.position);
        return this.#form(cell.whole, {
          of: (sum) => this.leaf(above(sum) & 1),
          same: (low, high) => above(low) === above(high),
        });
      }
      default:
        return cell satisfies never;
    }
  }

  /** The entries of a table; what lies outside it is never read. */
  #entries(values: Float64Array): Leaves {
    const last = values.length - 1;
    const clamp = (index: number) => Math.min(last, Math.max(0, index));
    // Per entry, the last one of the run of equal entries that it belongs to.
    const runEnd = new Int32Array(values.length).fill(last);
    for (let i = last - 1; i >= 0; i--)
      runEnd[i] = values[i] === values[i + 1] ? (runEnd[i + 1] as number) : i;
    return {
      of: (sum) => this.leaf(values[clamp(sum)] as number),
      same: (low, high) => (runEnd[clamp(low)] as number) >= clamp(high),
    };
  }

  /** Forgets the nodes of a diagram that was given up, its leaves too. */
  #forget(kept: number): void {
    for (let at = this.#leafValues.length - 1; at >= 0; at--) {
      const value = this.#leafValues[at] as number;
      if ((this.#leaves.get(value) as number) < kept) break;
      this.#leaves.delete(value);
      this.#leafValues.length = at;
    }
    this.#nodes.truncate(kept);
  }

  #step(): void {
    if (--this.#visits < 0) throw tooLarge;
  }

  #number(bit: number, zero: number, one: number): number {
    const number = this.#nodes.numberOf(bit, zero, one, this.#limit);
    if (number < 0) throw tooLarge;
    return number;
  }
}

/** Whether a bit of a term whose higher bits are those of its largest value may be 1: else it costs no node. */
function reachesOne(bit: number, largest: number): boolean {
  return Math.floor(largest / 2 ** positionOfBit(bit)) % 2 === 1;
}
