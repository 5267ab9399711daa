/**
 * The one source of pseudo-random numbers: xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", 2021), its state filled from a seed by splitmix64. Equal seeds give equal numbers on every platform.
 *
 * For shuffles, feature draws and splits only. Never for keys or encryption: those come from the operating system.
 * The streams are not numpy's, so a seed gives other draws than the same seed in Python.
 */

/** A stream of pseudo-random numbers: a call draws one, uniform in [0, 1) and a multiple of 2^-53. */
export interface Random {
  (): number;
  /** Uniform integer 0 <= i < bound, without bias; `bound` is an integer in 1..2^32. */
  integer(bound: number): number;
  /** Puts an array in random order, in place (Fisher and Yates), and returns it. */
  shuffle<A extends Int32Array | unknown[]>(array: A): A;
}

/** Starts the stream of a seed, a safe integer. */
export function createRandom(seed: number): Random {
  const state = splitmix64(BigInt(seed), 4);
  const high = Uint32Array.from(state, (word) => Number(word >> 32n));
  const low = Uint32Array.from(state, (word) => Number(word & 0xffffffffn));
  const output = new Uint32Array(2);
  const next = (): void => xoshiro(high, low, output);
  const integer = (bound: number): number => {
    // Numbers past the last whole multiple of `bound` are drawn again: each remainder is equally likely.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    do next();
    while (output[0]! >= limit);
    return output[0]! % bound;
  };
  const uniform = (): number => {
    next();
    return (output[0]! * 2 ** 21 + (output[1]! >>> 11)) * 2 ** -53;
  };
  const shuffle = <A extends Int32Array | unknown[]>(array: A): A => {
    for (let i = array.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      const kept = array[i];
      array[i] = array[j];
      array[j] = kept;
    }
    return array;
  };
  return Object.assign(uniform, { integer, shuffle });
}

/** One step: `output` = rotl(s1 * 5, 7) * 9 as [high, low] words, and the state moves on. */
function xoshiro(high: Uint32Array, low: Uint32Array, output: Uint32Array): void {
  const h1 = high[1]!;
  const l1 = low[1]!;
  // 64-bit words as two 32-bit halves: BigInt would allocate at every draw.
  let h = (Math.imul(h1, 5) + carryOf(l1, 5)) >>> 0;
  let l = Math.imul(l1, 5) >>> 0;
  const rotated = ((h << 7) | (l >>> 25)) >>> 0;
  l = ((l << 7) | (h >>> 25)) >>> 0;
  h = rotated;
  output[0] = Math.imul(h, 9) + carryOf(l, 9);
  output[1] = Math.imul(l, 9);

  high[2]! ^= high[0]!;
  low[2]! ^= low[0]!;
  high[3]! ^= h1;
  low[3]! ^= l1;
  high[1]! ^= high[2]!;
  low[1]! ^= low[2]!;
  high[0]! ^= high[3]!;
  low[0]! ^= low[3]!;
  high[2]! ^= (h1 << 17) | (l1 >>> 15);
  low[2]! ^= l1 << 17;
  const h3 = high[3]!;
  high[3] = (low[3]! << 13) | (h3 >>> 19); // rotl by 45 = swap the halves, then rotl by 13
  low[3] = (h3 << 13) | (low[3]! >>> 19);
}

/** What `low * factor` carries into the high word; exact, since the product is below 2^36. */
function carryOf(low: number, factor: number): number {
  return Math.floor((low * factor) / 2 ** 32);
}

/** `count` words of Steele, Lea and Flood's splitmix64: nearby seeds give unrelated states. */
function splitmix64(seed: bigint, count: number): bigint[] {
  const words: bigint[] = [];
  for (let i = 1n; i <= BigInt(count); i++) {
    let z = BigInt.asUintN(64, seed + i * 0x9e3779b97f4a7c15n);
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    words.push(z ^ (z >> 31n));
  }
  return words;
}
