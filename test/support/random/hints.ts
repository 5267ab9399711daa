/** Operations of random programs that change how something is computed, not what. */
import { between, type Makes, mixed, tabulable } from './reader.ts';

export const hints: Makes = {
  hint: (read) => {
    const x = read.value()!;
    const [below, above] = [read.below(3), read.below(3)];
    return mixed(read.np.hint(x.value, { min: x.min - below, max: x.max + above }), [x]);
  },
  // The ranges of both comparisons allow sums from 0 to 2; it is 1 always.
  hintOfMore: (read) => {
    const { np } = read;
    const x = read.value((x) => tabulable(x));
    if (x === null) return null;
    const n = read.number();
    const one = np.hint(np.add(np.less(x.value, n), np.greaterEqual(x.value, n)), {
      min: read.below(2),
      max: 1 + read.below(2),
    });
    return between(np.add(one, x.value), x.min, x.max + 2);
  },
  refresh: (read) => {
    const x = read.value((x) => tabulable(x));
    return x && mixed(read.np.refresh(x.value), [x]);
  },
  tag: (read) => {
    const { np } = read;
    const x = read.value()!;
    const n = read.number();
    const value = np.tag('outer', () =>
      np.add(
        np.tag('inner', () => np.negative(x.value)),
        n,
      ),
    );
    return between(value, n - x.max, n - x.min);
  },
};
