/**
 * The text that LightGBM saves models as: lines of `key=value`, a block of them for the model and one for each tree.
 */
import { error } from '../../lib/errors.ts';

/** The lines of a block by their keys. */
export class TextBlock {
  readonly what: string;
  readonly #lines: ReadonlyMap<string, string>;

  constructor(what: string, lines: ReadonlyMap<string, string>) {
    this.what = what;
    this.#lines = lines;
  }

  /** Whether there is such a line. */
  has(key: string): boolean {
    return this.#lines.has(key);
  }

  /** Its text, without spaces around it. @throws BAD_MODEL where there is none, as all that follow */
  text(key: string): string {
    const text = this.#lines.get(key);
    if (text !== undefined) return text;
    throw error('BAD_MODEL', { what: this.what, given: `no line ${key}=`, allowed: 'one' });
  }

  /** So many finite numbers. */
  numbers(key: string, length: number): number[] {
    return this.#read(key, length, Number.isFinite, 'finite numbers');
  }

  /** So many integers. */
  integers(key: string, length: number): number[] {
    return this.#read(key, length, Number.isSafeInteger, 'integers');
  }

  /** An integer in [min, max]. */
  count(key: string, min: number, max: number): number {
    const [count] = this.integers(key, 1) as [number];
    if (count >= min && count <= max) return count;
    const allowed = `an integer in [${min}, ${max}]`;
    throw error('BAD_MODEL', { what: `${this.what}: ${key}`, given: count, allowed });
  }

  #read(key: string, length: number, passes: (value: number) => boolean, kind: string): number[] {
    const text = this.text(key);
    const values = text === '' ? [] : text.split(' ').map(Number);
    const wrong = values.find((value) => !passes(value));
    if (values.length === length && wrong === undefined) return values;
    const given = wrong === undefined ? `${values.length} values` : wrong;
    const allowed = `${length} ${kind}`;
    throw error('BAD_MODEL', { what: `${this.what}: ${key}`, given, allowed });
  }
}

/** The block of the model and those of its trees. @throws BAD_MODEL for a text of another kind, or one that is cut off */
export function readBlocks(
  text: string,
  what: string,
): { readonly header: TextBlock; readonly trees: readonly TextBlock[] } {
  const lines = text.split('\n').map((line) => line.trim());
  const end = lines.indexOf('end of trees');
  if (lines[0] !== 'tree' || end < 0) {
    const given = lines[0] === 'tree' ? "no line 'end of trees'" : 'a text of another kind';
    const remedy = "save it with booster.save_model('model.txt')";
    throw error('BAD_MODEL', { what, given, allowed: 'the text of a model of LightGBM', remedy });
  }
  const header = new Map<string, string>();
  const trees: Map<string, string>[] = [];
  let block = header;
  for (const line of lines.slice(1, end)) {
    const [key, value] = divided(line);
    if (key === '') continue;
    if (key === 'Tree') {
      block = new Map();
      trees.push(block);
    }
    block.set(key, value);
  }
  return {
    header: new TextBlock(what, header),
    trees: trees.map((tree, t) => new TextBlock(`${what}: tree ${t}`, tree)),
  };
}

function divided(line: string): readonly [key: string, value: string] {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).trim()];
}
