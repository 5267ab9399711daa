/** Operations of random programs on the bits of integers. */
import { binary, unary } from './pointwise.ts';
import type { Makes } from './reader.ts';

export const bitwise: Makes = {
  bitwiseAnd: binary((np, x, y) => np.bitwiseAnd(x, y)),
  bitwiseOr: binary((np, x, y) => np.bitwiseOr(x, y)),
  bitwiseXor: binary((np, x, y) => np.bitwiseXor(x, y)),
  invert: unary(() => (np, x) => np.invert(x)),
  leftShift: binary((np, x, y) => np.leftShift(x, np.remainder(y, 4))),
  rightShift: binary((np, x, y) => np.rightShift(x, np.remainder(y, 5))),
  shiftByClear: unary((read) => {
    const by = read.below(4);
    return (np, x) => np.rightShift(np.leftShift(x, 1 + by), by);
  }),
  bit: unary((read) => {
    const place = read.below(9);
    return (np, x) => np.bits(x, place);
  }),
  bits: unary((read) => {
    const start = read.below(3);
    const ends = [null, start, start + 2, start + 4];
    const stop = read.choose(ends);
    const reverse = read.below(4) === 0;
    return (np, x) => np.bits(x, reverse ? np.slice(start + 3, start, -1) : np.slice(start, stop));
  }),
  roundBits: unary((read) => {
    const count = read.below(5);
    return (np, x) => np.roundBits(x, count);
  }),
  truncateBits: unary((read) => {
    const count = read.below(5);
    return (np, x) => np.truncateBits(x, count);
  }),
  // Rounders measure the declared range of the value, whatever else the program does with it.
  autoRound: unary((read, { min, max }) => {
    const targetBits = 1 + read.below(4);
    const rounder = new read.np.AutoRounder({ targetBits });
    rounder.adjust((v) => v!.roundBits(rounder), { v: { min, max, shape: [] } });
    return (np, x) => np.roundBits(x, rounder);
  }),
  autoTruncate: unary((read, { min, max }) => {
    const targetBits = 1 + read.below(4);
    const truncator = new read.np.AutoTruncator({ targetBits });
    truncator.adjust((v) => v!.truncateBits(truncator), { v: { min, max, shape: [] } });
    return (np, x) => np.truncateBits(x, truncator);
  }),
};
