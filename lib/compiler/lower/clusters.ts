/** Which items have members in common. */

/** The item that each member was met with first. */
interface Owners<T> {
  get(member: T): number | undefined;
  set(member: T, item: number): unknown;
}

/**
 * Numbers items so that those with a common member, directly or by a chain, have the same number. `member` says whether a
 * member is new: what that one is computed from was met with it. `owner` is for members with numbers, and empty.
 */
export function clusterBy(
  items: readonly number[],
  membersOf: (item: number, member: (id: number | string) => boolean) => void,
  owner: Owners<number> = new Map(),
): number[] {
  const parent = items.map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number;
      at = parent[at] as number;
    }
    return at;
  };
  const named = new Map<string, number>();
  const isNew = <T>(owners: Owners<T>, member: T, i: number): boolean => {
    const other = owners.get(member);
    if (other === undefined) owners.set(member, i);
    else parent[find(i)] = find(other);
    return other === undefined;
  };
  items.forEach((item, i) => {
    membersOf(item, (member) =>
      typeof member === 'number' ? isNew(owner, member, i) : isNew(named, member, i),
    );
  });
  return parent.map((_, i) => find(i));
}
