/** Entries of tables: made by a function of their place, and kept once. */

/** `f(0)` to `f(length - 1)`. A loop: `Float64Array.from` takes ten times as long, and tables have up to a million entries. */
export function entriesOf(length: number, f: (at: number) => number): Float64Array {
  const entries = new Float64Array(length);
  for (let at = 0; at < length; at++) entries[at] = f(at);
  return entries;
}

/** Entries under numbers from 0 on, equal ones under one: elements of arrays often have the same. */
export class KnownEntries {
  readonly #all: Float64Array[] = [];
  readonly #byHash = new Map<number, number[]>();
  /** Of arrays that were asked for: most are asked for again. */
  readonly #numbers = new Map<Float64Array, number>();

  /** The number of entries that are equal to these. */
  numberOf(entries: Float64Array): number {
    let number = this.#numbers.get(entries);
    if (number === undefined) {
      number = this.#find(entries);
      this.#numbers.set(entries, number);
    }
    return number;
  }

  get(number: number): Float64Array {
    return this.#all[number] as Float64Array;
  }

  #find(entries: Float64Array): number {
    const hash = hashOf(entries);
    const alike = this.#byHash.get(hash) ?? [];
    const known = alike.find((number) => isEqual(this.get(number), entries));
    if (known !== undefined) return known;
    const number = this.#all.push(entries) - 1;
    this.#byHash.set(hash, [...alike, number]);
    return number;
  }
}

/** 32-bit FNV-1a over the integers modulo 2^32, and the length. */
function hashOf(entries: Float64Array): number {
  let hash = Math.imul(0x811c9dc5 ^ entries.length, 0x01000193);
  for (let at = 0; at < entries.length; at++)
    hash = Math.imul(hash ^ (entries[at] as number), 0x01000193);
  return hash;
}

function isEqual(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
