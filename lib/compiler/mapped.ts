/**
 * As `list.map(f)`, for what thousands of nodes have. Once V8 has optimized a caller of `map`, its arrays are of another kind
 * than before, and all that reads them is compiled a second time.
 */
export function mapped<T, U>(list: readonly T[], f: (item: T, at: number) => U): U[] {
  const result: U[] = [];
  for (let at = 0; at < list.length; at++) result.push(f(list[at] as T, at));
  return result;
}
