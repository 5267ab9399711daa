import test from 'ava';
import { sortingNetwork } from '../../../lib/compiler/sorting-network.ts';

test('a network sorts everything: by the 0-1 principle, all zeros and ones up to 12 places', (t) => {
  for (let count = 0; count <= 12; count++) {
    const network = sortingNetwork(count);
    t.true(network.every(([i, j]) => i >= 0 && i < j && j < count));
    for (let bits = 0; bits < 2 ** count; bits++) {
      const values = Array.from({ length: count }, (_, i) => (bits >> i) & 1);
      for (const [i, j] of network) {
        if (values[i]! > values[j]!) [values[i], values[j]] = [values[j]!, values[i]!];
      }
      if (values.some((value, i) => i > 0 && value < values[i - 1]!)) t.fail(`${count}: ${bits}`);
    }
  }
});

test('a network has as many pairs as known for merge exchange', (t) => {
  t.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 16].map((count) => sortingNetwork(count).length),
    [0, 0, 1, 3, 5, 9, 12, 16, 19, 63],
  );
});
