/** Drums and wheels as instructions: polynomials of one or several ciphertexts that bits turn (`lower/rolled.ts`, `lower/turned.ts`). */
import type { Operand } from '../../runtime/program.ts';
import type { DenseMap } from '../lower/dense-map.ts';
import type { Drum, PlainValue, Values } from '../lower/value.ts';
import { type Polynomials, rotate } from './polynomials.ts';

type WholeDrum = Extract<Drum, { kind: 'drum' }>;

/** What turns are made of. */
export interface TurnInstructions {
  /** Where values have gone by id: those with so many components, or parts with a number that stands for them. */
  readonly places: (kind: number, scaleLog: number) => DenseMap<Operand>;
  /** The coefficient of component k. */
  readonly position: (k: number, components: number) => number;
  readonly cmux: (bit: number, zero: Operand, one: Operand) => Operand;
  readonly combine: (
    terms: readonly (readonly [place: Operand, coefficient: number])[],
    polynomial: number | null,
  ) => number;
}

/** Numbers of components that no value has: the places of parts of wheels. */
const wheelParts = 2 ** 20;

/** What a part of a drum adds to the number of its components. */
const drumPart = 2 ** 12;

export class TurnedEmitter {
  readonly #values: Values;
  readonly #size: number;
  readonly #polynomials: Polynomials;
  readonly #emit: TurnInstructions;
  /** Twice a wheel. */
  readonly #halves: Float64Array;

  constructor(values: Values, size: number, polynomials: Polynomials, emit: TurnInstructions) {
    this.#values = values;
    this.#size = size;
    this.#polynomials = polynomials;
    this.#emit = emit;
    this.#halves = new Float64Array(size).fill(1);
  }

  /** A drum that was rolled, its components where those of any value are. */
  drum(id: number, components: number, scaleLog: number): Operand {
    const whole = this.#wholeDrum(id);
    return this.#drumFrom(id, 0, { whole, components, scaleLog });
  }

  #wholeDrum(id: number): WholeDrum {
    let drum = this.#values.plain(id) as Drum;
    while (drum.kind === 'roll') drum = this.#values.plain(drum.of) as Drum;
    return drum;
  }

  /** The part of a drum that has its coefficient `at`, with that at 0. `start` has turned it already, and so have the rolls. */
  #drumFrom(
    id: number,
    at: number,
    drum: { readonly whole: WholeDrum; readonly components: number; readonly scaleLog: number },
  ): Operand {
    const value = this.#values.plain(id) as Drum;
    const { whole, components, scaleLog } = drum;
    const part = at % whole.extension;
    const steps = Math.floor(at / whole.extension) % (2 * this.#size);
    if (value.kind === 'drum') {
      const entries = rotate(this.#entries(whole, part, components), -steps);
      return { polynomial: this.#polynomials.dense(entries, scaleLog) };
    }
    const places = this.#emit.places(components + drumPart * part, scaleLog);
    let place = places.get(id);
    if (place === undefined) {
      const zero = this.#drumFrom(value.of, part, drum);
      const one = this.#drumFrom(value.of, part + value.by, drum);
      place = this.#emit.cmux(value.bit, zero, one);
      places.set(id, place);
    }
    return this.#turnedBack(place, steps);
  }

  /** Every E-th coefficient of a drum, turned by its start, from `part` on. */
  #entries(
    { tables, start, extension }: WholeDrum,
    part: number,
    components: number,
  ): Float64Array {
    const all = new Float64Array(this.#size * extension);
    tables.forEach((table, k) => {
      all.set(table, this.#emit.position(k, components) * extension);
    });
    const turned = rotate(all, -start);
    return Float64Array.from({ length: this.#size }, (_, i) => turned[i * extension + part]!);
  }

  side({ of, at, weight }: PlainValue & { kind: 'side' }, scaleLog: number): Operand {
    const halves = this.#polynomials.sparse(this.#size, [0], [weight], scaleLog - 1);
    const glwe = this.#emit.combine([[this.#wheelFrom(of, at, scaleLog), 1]], halves);
    return { glwe, rotation: 0 };
  }

  /** The ciphertext of a wheel that has its coefficient `at`, with that at 0; turned wheels start where they were turned to. */
  #wheelFrom(id: number, at: number, scaleLog: number): Operand {
    const { extension } = this.#values;
    const part = at % extension;
    const places = this.#emit.places(wheelParts + part, scaleLog);
    let place = places.get(id);
    if (place === undefined) {
      place = this.#wheelPart(id, part, scaleLog);
      places.set(id, place);
    }
    const steps = Math.floor(at / extension) % (2 * this.#size);
    if ('glwe' in place) return this.#turnedBack(place, steps);
    const turned = rotate(this.#halves, -steps);
    return { polynomial: this.#polynomials.dense(turned, scaleLog - 1) };
  }

  #wheelPart(id: number, part: number, scaleLog: number): Operand {
    const value = this.#values.plain(id) as PlainValue;
    if (value.kind === 'turn') {
      const zero = this.#wheelFrom(value.of, part, scaleLog);
      return this.#emit.cmux(value.bit, zero, this.#wheelFrom(value.of, part + value.by, scaleLog));
    }
    if (value.kind === 'wheels') {
      const places = value.terms.map(({ of, at, coefficient }) => {
        return [this.#wheelFrom(of, part + at, scaleLog), coefficient] as const;
      });
      return { glwe: this.#emit.combine(places, null), rotation: 0 };
    }
    return { polynomial: this.#polynomials.dense(this.#halves, scaleLog - 1) };
  }

  /** A ciphertext that CMUX made, with the coefficient that lies so far behind it at 0. */
  #turnedBack(place: Operand, steps: number): Operand {
    const { glwe } = place as Extract<Operand, { glwe: number }>;
    return { glwe, rotation: (2 * this.#size - steps) % (2 * this.#size) };
  }
}
