/**
 * Noise that is alike: parts of it that different values may have in common, by what they have in common.
 *
 * A path through a value meets at most one part of a family, of weight 1; in a sum the weights of each class add. Parts of
 * one class that are the same add their weights, others add as much as their correlation allows.
 */

/** The parts of one class: all of them together, the most that a single one may have, and its name if it is the only one. */
export interface Alike {
  readonly weight: number;
  readonly most: number;
  readonly key: string | null;
}

/** Classes of parts by name, and the weight that all of them may have at once. */
export interface Family {
  readonly weight: number;
  readonly classes: ReadonlyMap<string, Alike>;
}

export const noParts: Family = { weight: 0, classes: new Map() };

export function onePart(name: string, key: string | null = null): Family {
  return { weight: 1, classes: new Map([[name, { weight: 1, most: 1, key }]]) };
}

/** Of a choice: either has at most this. */
export function largestOf(a: Family, b: Family): Family {
  return merged(a, b, Math.max);
}

/** Both at once. */
export function together(a: Family, b: Family): Family {
  return merged(a, b, (one, other) => one + other);
}

function merged(a: Family, b: Family, of: (one: number, other: number) => number): Family {
  if (b.classes.size === 0) return a;
  if (a.classes.size === 0) return b;
  const classes = new Map(a.classes);
  for (const [name, part] of b.classes) {
    const other = classes.get(name);
    if (other === undefined) classes.set(name, part);
    else
      classes.set(name, {
        weight: of(part.weight, other.weight),
        most: of(part.most, other.most),
        key: part.key === other.key ? part.key : null,
      });
  }
  return { weight: of(a.weight, b.weight), classes };
}

export function scaled(family: Family, factor: number): Family {
  if (factor === 1 || family.classes.size === 0) return family;
  const classes = new Map<string, Alike>();
  for (const [name, { weight, most, key }] of family.classes)
    classes.set(name, { weight: factor * weight, most: factor * most, key });
  return { weight: factor * family.weight, classes };
}

/** What the parts of each class are bounded by where something better than their sum is known. */
export function limited(family: Family, mostOf: (name: string) => number | undefined): Family {
  const classes = new Map<string, Alike>();
  for (const [name, part] of family.classes)
    classes.set(name, { ...part, most: Math.min(part.most, mostOf(name) ?? part.most) });
  return { weight: family.weight, classes };
}

/** Squares of what may be there at once: as if all parts of a class were equal, and as if different ones had nothing in common. */
export interface Squares {
  readonly equal: number;
  readonly apart: number;
}

/** The largest sums of squares, where no class has more than its weight and all have no more than the family's. */
export function squaresOf({ weight, classes }: Family): Squares {
  let left = weight;
  let [equal, apart] = [0, 0];
  for (const part of [...classes.values()].sort((a, b) => b.weight - a.weight)) {
    const share = Math.min(left, part.weight);
    equal += share ** 2;
    apart += share * Math.min(share, part.most);
    left -= share;
  }
  return { equal, apart };
}
