import test from 'ava';
import { createRandom } from '../../lib/random.ts';

const mask = (1n << 64n) - 1n;
const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (64n - k))) & mask;

/** The published algorithm, word for word in BigInt. */
function* reference(state: bigint[]): Generator<bigint> {
  const s = [...state] as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield (rotate((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 17n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45n);
  }
}

test('the stream of seed 0 is xoshiro256** over the published words of splitmix64(0)', (t) => {
  const words = [
    0xe220a8397b1dcdafn,
    0x6e789e6aa1b965f4n,
    0x06c45d188009454fn,
    0xf88bb8a8724c81ecn,
  ];
  const expected = reference(words);
  const random = createRandom(0);
  for (let i = 0; i < 1000; i++) {
    t.is(random(), Number((expected.next().value as bigint) >> 11n) * 2 ** -53);
  }
});

test('integers fill their range evenly', (t) => {
  const { integer } = createRandom(7);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) counts[integer(10)]! += 1;
  for (const count of counts) t.true(Math.abs(count - 10_000) < 6 * Math.sqrt(9_000), `${counts}`);
});

test('a shuffle is a permutation, the same for the same seed and another for another', (t) => {
  const order = (seed: number): number[] => createRandom(seed).shuffle([...Array(50).keys()]);
  t.deepEqual(order(1), order(1));
  t.notDeepEqual(order(1), order(2));
  t.deepEqual(
    order(1).sort((a, b) => a - b),
    [...Array(50).keys()],
  );
});
