/** The fixtures of numpy's results, and how a case of them becomes a call. */
import { readFileSync } from 'node:fs';
import * as np from '../../tracer/index.ts';

/** One call and its result, made by test/fixtures/make_numpy_*.py. */
export interface Case {
  readonly name: string;
  readonly arguments: readonly Elements[];
  readonly options: readonly unknown[];
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

/** Elements are numbers, or texts as 'Infinity' and 'NaN'. */
export interface Elements {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

/** The cases of every fixture. */
export const cases: readonly Case[] = [
  'numpy-ops',
  'numpy-elementwise',
  'numpy-arrays',
  'numpy-edges',
].flatMap((file): Case[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8')),
);

/** What the tracer exports, by name. */
export const functions: Readonly<Record<string, unknown>> = { ...np };

/** Elements of a fixture as the tracer takes them. */
export const tensor = ({ shape, data }: Elements): np.Tensor => ({
  shape,
  data: Float64Array.from(data, Number),
});

/** How a case becomes a call, where that is not the function of its name with the arguments, then the options. */
const callers: Readonly<
  Record<string, (values: readonly np.Operand[], options: readonly never[]) => unknown>
> = {
  concatenate: (arrays, [axis]) => np.concatenate(arrays, axis),
  stack: (arrays, [axis]) => np.stack(arrays, axis),
  table: ([x, entries]) => new np.LookupTable(entries as np.Tensor).at(x!),
  at: ([x, ...places], [text]) => np.at(x!, ...parseIndex(text!, places)),
  set: ([x, value, ...places], [text]) => np.set(x!, parseIndex(text!, places), value!),
  bits: ([x], [text]) => np.bits(x!, parseIndex(text!, [])[0] as number | np.Slice),
  einsum: (arrays, [text]) => np.einsum(text!, ...(arrays as [np.Operand])),
  vstack: (arrays) => np.vstack(arrays),
  hstack: (arrays) => np.hstack(arrays),
  conv: ([x, weight, bias], [options]) =>
    np.conv(x!, weight!, { ...(options! as np.ConvOptions), bias: bias ?? null }),
  split: ([x], [parts, axis, k]) => np.split(x!, parts!, axis)[k!],
  arraySplit: ([x], [parts, axis, k]) => np.arraySplit(x!, parts!, axis)[k!],
};

/** Calls the function of a case on its arguments, clear or traced. */
export function call({ name, options }: Case, values: readonly np.Operand[]): np.Operand {
  const caller = callers[name];
  if (caller) return caller(values, options as readonly never[]) as np.Operand;
  const f = functions[name] as (...args: unknown[]) => np.Operand;
  return f(...values, ...options);
}

/** The index of a numpy expression: `1:3, None, [0, 2]`; `i` and `j` are arguments. */
function parseIndex(text: string, places: readonly np.Operand[]): np.Index[] {
  const parts = text.match(/\[(?:[^[\]]|\[[^\]]*\])*\]|[^,\s]+/g) ?? [];
  return parts.map((part) => {
    if (part === '...') return np.ellipsis;
    if (part === 'None') return np.newAxis;
    if (part === 'i' || part === 'j') return places[part === 'i' ? 0 : 1]!;
    if (part.startsWith('[')) return JSON.parse(part.toLowerCase());
    if (!part.includes(':')) return Number(part);
    const [start, stop, step] = part.split(':').map((end) => (end ? Number(end) : null));
    return np.slice(start, stop, step ?? 1);
  });
}
