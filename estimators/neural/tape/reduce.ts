/**
 * Means and maxima along the last axis.
 */
import { newValue, type Tape, type Value } from './tape.ts';

/** [..., n] to [...]. */
export function mean(tape: Tape, x: Value): Value {
  const length = x.shape.at(-1)!;
  const y = newValue(x.shape.slice(0, -1));
  for (let i = 0; i < x.data.length; i++) y.data[Math.floor(i / length)]! += x.data[i]!;
  for (let i = 0; i < y.data.length; i++) y.data[i]! /= length;
  tape.steps.push(() => {
    for (let i = 0; i < x.data.length; i++) {
      x.gradient[i]! += y.gradient[Math.floor(i / length)]! / length;
    }
  });
  return y;
}

/** [..., n] to [...]; the gradient goes to the first of several that are equal. */
export function maximum(tape: Tape, x: Value): Value {
  const length = x.shape.at(-1)!;
  const y = newValue(x.shape.slice(0, -1));
  const winner = new Int32Array(y.data.length);
  for (let i = 0; i < winner.length; i++) {
    let best = i * length;
    for (let j = best + 1; j < (i + 1) * length; j++) if (x.data[j]! > x.data[best]!) best = j;
    winner[i] = best;
    y.data[i] = x.data[best]!;
  }
  tape.steps.push(() => {
    for (let i = 0; i < winner.length; i++) x.gradient[winner[i]!]! += y.gradient[i]!;
  });
  return y;
}
