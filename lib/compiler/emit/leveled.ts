/**
 * Leveled values as instructions. Component k of a value with C components sits at coefficient k * D, where
 * D = N / 2^ceil(log2 C); one component sits at coefficient 0.
 */
import type { Instruction, Operand } from '../../runtime/program.ts';
import type { Form } from '../cells.ts';
import type { Layout } from '../layout.ts';
import { linearSections } from '../layout.ts';
import { DenseMap } from '../lower/dense-map.ts';
import type { Plan } from '../lower/plan.ts';
import type { PlainValue } from '../lower/value.ts';
import { Polynomials, rotate } from './polynomials.ts';
import { TurnedEmitter } from './turned.ts';

/** A value inside a register: `X^rotation * glwe`, or a clear polynomial. */
type Place = Operand;

/** A weighted sum of inputs, where it goes, and its scale. */
export interface Dot {
  readonly form: Form;
  readonly position: number;
  readonly scaleLog: number;
}

export class LeveledEmitter {
  readonly instructions: Instruction[];
  readonly polynomials: Polynomials = new Polynomials();
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #size: number;
  readonly #bitRegister = new Map<number, number>();
  readonly #slotOf = new Map<number, { readonly section: number; readonly position: number }>();
  /** By number of components and scale, then by value. */
  readonly #places = new Map<number, DenseMap<Place>>();
  readonly #branched = new Set<string>();
  readonly #lookups: Layout['work']['lookups'];
  readonly #lweOf: (embedded: number, scaleLog: number) => number;
  readonly #turned: TurnedEmitter;
  #bitCount: number;
  #glweCount = 0;

  /** Appends to `instructions`. `lweOf` emits what a value embeds, at a scale, and says its register. */
  constructor(
    plan: Plan,
    layout: Layout,
    polynomialSize: number,
    instructions: Instruction[],
    lweOf: (embedded: number, scaleLog: number) => number,
  ) {
    this.instructions = instructions;
    this.#lweOf = lweOf;
    this.#bitCount = layout.bits.length;
    this.#plan = plan;
    this.#layout = layout;
    this.#size = polynomialSize;
    this.#turned = new TurnedEmitter(plan.values, polynomialSize, this.polynomials, {
      places: (kind, scaleLog) => this.#placesFor(kind, scaleLog),
      position: (k, components) => this.position(k, components),
      cmux: (bit, zero, one) => this.#cmux(bit, zero, one),
      combine: (terms, polynomial) => this.#combine(terms, polynomial),
    });
    for (const [register, bit] of layout.bits.entries()) this.#bitRegister.set(bit, register);
    linearSections(layout, polynomialSize).forEach(({ cells }, section) => {
      for (const [position, cell] of cells.entries()) this.#slotOf.set(cell, { section, position });
    });
    this.#lookups = layout.work.lookups;
    for (const [key, group] of this.#lookups)
      if (this.#cheaperAsBranches(group)) this.#branched.add(key);
  }

  /** A new register for a computed bit that has these names. */
  newBit(bits: readonly number[]): number {
    const register = this.#bitCount++;
    for (const bit of bits) this.#bitRegister.set(bit, register);
    return register;
  }

  /** Emits a value as a register of its own, with `constants[k]` added to component k; its register. */
  root(value: number, components: number, scaleLog: number, constants: readonly number[]): number {
    const leaf = this.#plan.values.plain(value);
    if (leaf?.kind === 'leaf') {
      const sums = constants.map((constant, k) => constant + (leaf.values[k] as number));
      return this.#combine([], this.#leaf(sums, components, scaleLog));
    }
    const place = this.#place(value, components, scaleLog);
    const clear = constants.every((constant) => constant === 0);
    if ('glwe' in place && place.rotation === 0 && clear) return place.glwe;
    return this.#combine([[place, 1]], clear ? null : this.#leaf(constants, components, scaleLog));
  }

  /** The coefficient of component k of C. */
  position(k: number, components: number): number {
    return k * this.#spacing(components);
  }

  /**
   * Dot products of the linear query in one polynomial product, each at its coefficient of each row, plus clear
   * constants. With several of them the positions must be as far apart as the query has slots, and the query whole.
   */
  product(dots: readonly Dot[], constants: Float64Array, constantScale: number): number {
    const weights: [number, number][][] = linearSections(this.#layout, this.#size).map(() => []);
    for (const { form, position, scaleLog } of dots) {
      const shift = 2 ** (scaleLog - this.#layout.slotScale);
      for (const [cell, coefficient] of form.terms) {
        const slot = this.#slotOf.get(cell) as { section: number; position: number };
        const exponent = position - slot.position;
        const section = weights[slot.section] as [number, number][];
        if (exponent >= 0) section.push([exponent, coefficient * shift]);
        else section.push([exponent + this.#size, -coefficient * shift]);
      }
    }
    const used = weights
      .map((list, query) => ({ list: list.sort((a, b) => a[0] - b[0]), query }))
      .filter(({ list }) => list.length > 0);
    const clear = constants.every((constant) => constant === 0);
    const registers = used.map(({ list, query }, i) => {
      const polynomial = i > 0 || clear ? null : this.polynomials.dense(constants, constantScale);
      return this.#emit((target) => ({ op: 'linear', query, weights: list, polynomial, target }));
    });
    const [first] = registers as [number];
    if (registers.length === 1) return first;
    return this.#combine(
      registers.map((glwe) => [{ glwe, rotation: 0 }, 1]),
      null,
    );
  }

  #spacing(components: number): number {
    return this.#size / 2 ** Math.ceil(Math.log2(components));
  }

  #emit(make: (target: number) => Instruction): number {
    const target = this.#glweCount++;
    this.instructions.push(make(target));
    return target;
  }

  #combine(
    terms: readonly (readonly [place: Place, coefficient: number])[],
    polynomial: number | null,
  ): number {
    const sources: [number, number, number][] = [];
    for (const [place, coefficient] of terms) {
      if ('glwe' in place) sources.push([place.glwe, place.rotation, coefficient]);
      else
        throw new Error(
          'internal: clear values are folded into constants before they are combined',
        );
    }
    return this.#emit((target) => ({ op: 'combine', terms: sources, polynomial, target }));
  }

  #place(id: number, components: number, scaleLog: number): Place {
    const places = this.#placesFor(components, scaleLog);
    let place = places.get(id);
    if (place === undefined) {
      place = this.#build(id, components, scaleLog);
      places.set(id, place);
    }
    return place;
  }

  /** Values that have a place, of so many components and at a scale. */
  #placesFor(components: number, scaleLog: number): DenseMap<Place> {
    const key = components * 128 + scaleLog;
    let places = this.#places.get(key);
    if (places === undefined) {
      places = new DenseMap();
      this.#places.set(key, places);
    }
    return places;
  }

  #build(id: number, components: number, scaleLog: number): Place {
    const { values } = this.#plan;
    const value = values.plain(id);
    if (value === null) {
      const zero = this.#place(values.zero(id), components, scaleLog);
      const one = this.#place(values.one(id), components, scaleLog);
      return this.#cmux(values.bit(id), zero, one);
    }
    switch (value.kind) {
      case 'leaf':
        return { polynomial: this.#leaf(value.values, components, scaleLog) };
      case 'lookup': {
        if (this.#branched.has(`${value.cell},${components}`)) {
          const branches = values.lookupAsBranches(value.cell, value.tables);
          return this.#place(branches, components, scaleLog);
        }
        this.#rotations(value.cell, components, scaleLog);
        return this.#placesFor(components, scaleLog).get(id) as Place;
      }
      case 'dot': {
        const constants = new Float64Array(this.#size);
        constants[0] = value.form.constant;
        const dot = { form: value.form, position: 0, scaleLog };
        return { glwe: this.product([dot], constants, scaleLog), rotation: 0 };
      }
      case 'embed': {
        const source = this.#lweOf(id, scaleLog);
        return { glwe: this.#emit((target) => ({ op: 'embed', source, target })), rotation: 0 };
      }
      case 'sum':
        return this.#sum(value, components, scaleLog);
      case 'pack':
        return this.#pack(value.values, scaleLog);
      case 'drum':
      case 'roll':
        return this.#turned.drum(id, components, scaleLog);
      case 'side':
        return this.#turned.side(value, scaleLog);
      case 'wheel':
      case 'turn':
      case 'wheels':
        throw new Error('internal: wheels are read by their sides');
      default:
        return value satisfies never;
    }
  }

  #pack(values: readonly number[], scaleLog: number): Place {
    const terms = values.map((id, k): [Place, number] => {
      const { glwe, rotation } = this.#place(id, 1, scaleLog) as Extract<Place, { glwe: number }>;
      const moved = (rotation + this.position(k, values.length)) % (2 * this.#size);
      return [{ glwe, rotation: moved }, 1];
    });
    return { glwe: this.#combine(terms, null), rotation: 0 };
  }

  #leaf(values: readonly number[], components: number, scaleLog: number): number {
    const positions = values.map((_, k) => this.position(k, components));
    return this.polynomials.sparse(this.#size, positions, values, scaleLog);
  }

  #sum(value: PlainValue & { kind: 'sum' }, components: number, scaleLog: number): Place {
    const constants = [...value.constants];
    const terms: [Place, number][] = [];
    for (const [child, coefficient] of value.terms) {
      const leaf = this.#plan.values.plain(child);
      if (leaf?.kind === 'leaf') {
        leaf.values.forEach((each, k) => {
          constants[k] = (constants[k] as number) + coefficient * each;
        });
      } else terms.push([this.#place(child, components, scaleLog), coefficient]);
    }
    const clear = constants.every((constant) => constant === 0);
    const polynomial = clear ? null : this.#leaf(constants, components, scaleLog);
    return { glwe: this.#combine(terms, polynomial), rotation: 0 };
  }

  #cmux(bit: number, zero: Operand, one: Operand): Place {
    const target = this.#glweCount++;
    const register = this.#bitRegister.get(bit) as number;
    this.instructions.push({ op: 'cmux', bit: register, zero, one, target });
    return { glwe: target, rotation: 0 };
  }

  /** Whether the tables of one input take fewer CMUX as branches than as rotations; those of joined inputs never do. */
  #cheaperAsBranches(group: {
    cell: number;
    components: number;
    values: readonly number[];
  }): boolean {
    const { values } = this.#plan;
    if (group.cell < 0) return false;
    const bits = values.bitsOfCell(group.cell);
    const width = 2 ** bits;
    const spacing = this.#spacing(group.components);
    const rotations =
      width <= spacing
        ? bits * Math.ceil(group.values.length / (spacing / width))
        : group.values.length * (Math.log2(spacing) + width / spacing - 1);
    const branches = new Set<number>();
    for (const id of group.values) {
      const { cell, tables } = values.plain(id) as PlainValue & { kind: 'lookup' };
      const stack = [values.lookupAsBranches(cell, tables)];
      for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
        if (values.plain(at) !== null || branches.has(at)) continue;
        branches.add(at);
        if (branches.size > rotations) return false;
        stack.push(values.zero(at), values.one(at));
      }
    }
    return true;
  }

  /**
   * All tables of one input at one scale. Tables are laid side by side in clear polynomials; the low bits of the input
   * rotate each polynomial, one CMUX a bit; a table then is a clear rotation away. A table wider than the room of a
   * component is first selected by the high bits.
   */
  #rotations(cell: number, components: number, scaleLog: number): void {
    const { values } = this.#plan;
    const ids = this.#lookups.get(`${cell},${components}`)?.values as readonly number[];
    const bits = values.bitsOf(cell);
    const spacing = this.#spacing(components);
    const room = Math.log2(spacing);
    const low = bits.slice(0, Math.min(bits.length, room));
    const width = 2 ** low.length;
    const perPolynomial = bits.length > low.length ? 1 : spacing / width;
    for (let first = 0; first < ids.length; first += perPolynomial) {
      const batch = ids.slice(first, first + perPolynomial);
      const rotated = this.#rotateBy(
        low,
        this.#select(batch, bits.slice(low.length), width, components),
        scaleLog,
      );
      batch.forEach((id, segment) => {
        const rotation = (2 * this.#size - segment * width) % (2 * this.#size);
        this.#placesFor(components, scaleLog).set(id, { ...rotated, rotation });
      });
    }
  }

  /** The polynomial of a batch of tables, or the tree of polynomials that the high bits select from. */
  #select(
    batch: readonly number[],
    high: readonly number[],
    width: number,
    components: number,
  ): Tree {
    const from = (part: number, position: number): Tree => {
      if (position < 0) return this.#tables(batch, part * width, width, components);
      const zero = from(part, position - 1);
      const one = from(part + 2 ** position, position - 1);
      return { bit: high[position] as number, zero, one };
    };
    return from(0, high.length - 1);
  }

  #tables(
    batch: readonly number[],
    start: number,
    width: number,
    components: number,
  ): Float64Array {
    const coefficients = new Float64Array(this.#size);
    batch.forEach((id, segment) => {
      const { tables } = this.#plan.values.plain(id) as PlainValue & { kind: 'lookup' };
      tables.forEach((table, k) => {
        const base = this.position(k, components) + segment * width;
        for (let i = 0; i < width; i++) coefficients[base + i] = table[start + i] ?? 0;
      });
    });
    return coefficients;
  }

  #rotateBy(low: readonly number[], tree: Tree, scaleLog: number): { readonly glwe: number } {
    let place: Place;
    const [first] = low as [number];
    let done = 0;
    if (tree instanceof Float64Array) {
      const zero = this.polynomials.dense(tree, scaleLog);
      const one = this.polynomials.dense(rotate(tree, -1), scaleLog);
      place = this.#cmux(first, { polynomial: zero }, { polynomial: one });
      done = 1;
    } else place = this.#tree(tree, scaleLog);
    for (const [position, bit] of low.entries()) {
      if (position < done) continue;
      const { glwe } = place as { glwe: number };
      const rotation = 2 * this.#size - 2 ** position;
      place = this.#cmux(bit, { glwe, rotation: 0 }, { glwe, rotation });
    }
    return place as { glwe: number };
  }

  #tree(tree: Tree, scaleLog: number): Place {
    if (tree instanceof Float64Array) return { polynomial: this.polynomials.dense(tree, scaleLog) };
    return this.#cmux(tree.bit, this.#tree(tree.zero, scaleLog), this.#tree(tree.one, scaleLog));
  }
}

/** Clear polynomials selected by bits. */
type Tree = Float64Array | { readonly bit: number; readonly zero: Tree; readonly one: Tree };
