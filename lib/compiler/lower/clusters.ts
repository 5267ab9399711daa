/** Which items have members in common. */

/**
 * Numbers items so that those with a common member, directly or by a chain, have the same number. `member` says whether a
 * member is new: what that one is computed from was met with it.
 */
export function clusterBy(
  items: readonly number[],
  membersOf: (item: number, member: (id: number | string) => boolean) => void,
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
  const owner = new Map<number | string, number>();
  items.forEach((item, i) => {
    membersOf(item, (member) => {
      const other = owner.get(member);
      if (other === undefined) owner.set(member, i);
      else parent[find(i)] = find(other);
      return other === undefined;
    });
  });
  return parent.map((_, i) => find(i));
}
