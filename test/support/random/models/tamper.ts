/** Documents that others have changed: one value, anywhere, is another one. */
import fc from 'fast-check';

/** One change: where, by places among all values of the document, and what is put there. */
export interface Tampering {
  readonly place: number;
  readonly change: Change;
}

type Change = (old: unknown, others: readonly unknown[]) => unknown;

/** Marks an entry that is to be left out. */
const absent = Symbol('absent');

const changes: Readonly<Record<string, Change>> = {
  null: () => null,
  text: () => 'x',
  emptyText: () => '',
  true: () => true,
  zero: () => 0,
  minusOne: () => -1,
  half: () => 0.5,
  large: () => 2 ** 31,
  huge: () => 1e300,
  tiny: () => 5e-324,
  emptyList: () => [],
  emptyObject: () => ({}),
  list: (old) => [old],
  longer: (old) => (Array.isArray(old) ? [...old, old[0] ?? 0] : 1e16),
  shorter: (old) => (Array.isArray(old) ? old.slice(1) : absent),
  lengthAlone: () => ({ length: 2 ** 40 }),
  holes: () => new Array(3),
  prototype: () => JSON.parse('{"__proto__": {"nFeaturesIn": 1}, "constructor": 1}'),
  absent: () => absent,
  negated: (old) => (typeof old === 'number' ? -old : !old),
  next: (old) => (typeof old === 'number' ? old + 1 : old),
  another: (_, others) => others[0],
};

/** Random changes. */
export const tamperings: fc.Arbitrary<Tampering & { readonly name: string }> = fc
  .record({ place: fc.nat(), other: fc.nat(), name: fc.constantFrom(...Object.keys(changes)) })
  .map(({ place, other, name }) => ({
    place,
    name,
    change: (old, others) => changes[name]!(old, [others[other % others.length]]),
  }));

/** The document with one value changed. Lists are as likely to be entered as they are long, but for their first entries. */
export function tampered(document: unknown, { place, change }: Tampering): unknown {
  const copy = structuredClone(document);
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const visit = (holder: unknown): void => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const key of Object.keys(holder).slice(0, 40)) {
      places.push({ holder: holder as Record<string, unknown>, key });
      visit((holder as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  const { holder, key } = places[place % places.length]!;
  const changed = change(
    holder[key],
    places.map((each) => each.holder[each.key]),
  );
  if (changed === absent) delete holder[key];
  else holder[key] = structuredClone(changed);
  return copy;
}
