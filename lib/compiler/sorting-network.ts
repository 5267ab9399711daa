/**
 * Sorting without looking: which pairs of places are compared and exchanged, in order.
 */

/**
 * Batcher's merge exchange for any number of places (Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M):
 * after each pair [i, j], i < j, has put its smaller element at i, all are in ascending order. About
 * count * log2(count)^2 / 4 pairs.
 */
export function sortingNetwork(count: number): [number, number][] {
  const pairs: [number, number][] = [];
  const top = 2 ** (Math.ceil(Math.log2(Math.max(2, count))) - 1);
  for (let p = top; p >= 1; p /= 2) {
    let [distance, remainder] = [p, 0];
    for (let q = top; q >= p; q /= 2) {
      for (let i = 0; i < count - distance; i++) {
        if ((i & p) === remainder) pairs.push([i, i + distance]);
      }
      [distance, remainder] = [q - p, p];
    }
  }
  return pairs;
}
