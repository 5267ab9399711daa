/**
 * The way in for JSON of model files: each value is read with its place, which the error for another kind of value names.
 */
import { BlindfitError, error } from '../../lib/errors.ts';

/** The JSON of a model: text, its bytes in UTF-8, or what JSON.parse made of it. */
export type ModelJson = string | Uint8Array | object;

/** The object that a file holds; numbers that JSON does not have are null. @throws BAD_MODEL */
export function readJson(json: ModelJson, what: string, remedy: string): JsonObject {
  if (typeof json !== 'string' && !(json instanceof Uint8Array)) return new JsonObject(json, what);
  try {
    const text =
      typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json);
    return new JsonObject(JSON.parse(withoutNaN(text)), what);
  } catch (cause) {
    if (cause instanceof BlindfitError) throw cause;
    throw error('BAD_MODEL', { what, given: 'no JSON', allowed: 'JSON', remedy }, cause);
  }
}

/** XGBoost writes NaN as the threshold of splits by categories. */
function withoutNaN(text: string): string {
  if (!text.includes('NaN')) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|NaN/g, (found) => (found === 'NaN' ? 'null' : found));
}

/** An object of a file, entries of which are read by name. */
export class JsonObject {
  readonly #entries: Readonly<Record<string, unknown>>;
  readonly #what: string;

  /** @throws BAD_MODEL for what is no object */
  constructor(value: unknown, what: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw bad(what, value, 'an object');
    }
    this.#entries = value as Readonly<Record<string, unknown>>;
    this.#what = what;
  }

  /** Whether there is such an entry, other than null. */
  has(name: string): boolean {
    return (this.get(name) ?? null) !== null;
  }

  /** Any value; undefined for what is not there. */
  get(name: string): unknown {
    return Object.hasOwn(this.#entries, name) ? this.#entries[name] : undefined;
  }

  /** An object. @throws BAD_MODEL, as all that follow */
  object(name: string): JsonObject {
    return new JsonObject(this.get(name), this.#place(name));
  }

  /** Objects of a list. */
  objects(name: string): JsonObject[] {
    return this.list(name).map((each, i) => new JsonObject(each, `${this.#place(name)}[${i}]`));
  }

  /** A list, of so many values where `length` is given. */
  list(name: string, length?: number): readonly unknown[] {
    const value = this.get(name);
    // A copy has no holes, over which loops would pass.
    if (Array.isArray(value) && (length ?? value.length) === value.length) return Array.from(value);
    const given = Array.isArray(value) ? `${value.length} values` : value;
    throw bad(this.#place(name), given, length === undefined ? 'a list' : `a list of ${length}`);
  }

  /** Finite numbers; of an empty list there may be none. */
  numbers(name: string, length?: number): readonly number[] {
    const all = this.list(name, length);
    const wrong = all.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return all as number[];
    throw bad(`${this.#place(name)}[${wrong}]`, all[wrong], 'a finite number');
  }

  /** Integers >= `min`. */
  integers(name: string, min: number, length?: number): readonly number[] {
    const all = this.list(name, length);
    const wrong = all.findIndex((value) => !Number.isSafeInteger(value) || Number(value) < min);
    if (wrong < 0) return all as number[];
    throw bad(`${this.#place(name)}[${wrong}]`, all[wrong], `an integer >= ${min}`);
  }

  /** Texts. */
  texts(name: string, length?: number): readonly string[] {
    const all = this.list(name, length);
    const wrong = all.findIndex((value) => typeof value !== 'string');
    if (wrong < 0) return all as string[];
    throw bad(`${this.#place(name)}[${wrong}]`, all[wrong], 'a text');
  }

  /** A text. */
  text(name: string): string {
    const value = this.get(name);
    if (typeof value === 'string') return value;
    throw bad(this.#place(name), value, 'a text');
  }

  /** A finite number, which may be written as a text. */
  number(name: string): number {
    const value = this.get(name);
    const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (Number.isFinite(read)) return read as number;
    throw bad(this.#place(name), value, 'a finite number');
  }

  /** An integer in [min, max], which may be written as a text. */
  count(name: string, min: number, max: number): number {
    const value = this.number(name);
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw bad(this.#place(name), value, `an integer in [${min}, ${max}]`);
  }

  #place(name: string): string {
    return `${this.#what}.${name}`;
  }
}

function bad(what: string, given: unknown, allowed: string): Error {
  return error('BAD_MODEL', { what, given, allowed });
}
