import { createRandom, type Random } from '../../../lib/random.ts';
import type { Split } from './load.ts';

/**
 * Cylinders, bells and funnels: noisy signals with a plateau, a rise or a fall of random place and length, classes 0 to 2
 * (Saito, "Local feature extraction and its applications using a library of bases", 1994). A seed gives the same signals
 * everywhere.
 */
export function signals(
  count: number,
  length: number,
  seed: number,
): Pick<Split, 'XTrain' | 'yTrain'> {
  const random = createRandom(seed);
  const yTrain = Array.from({ length: count }, () => random.integer(3));
  return { XTrain: yTrain.map((kind) => signal(kind, length, random)), yTrain };
}

/** Half as many signals again to judge by. */
export function splitSignals(count: number, length: number, seed: number): Split {
  const test = signals(Math.round(count / 2), length, seed + 1);
  return { ...signals(count, length, seed), XTest: test.XTrain, yTest: test.yTrain };
}

function signal(kind: number, length: number, random: Random): number[] {
  const start = Math.round((length / 8) * (1 + random()));
  const end = start + Math.round((length / 4) * (1 + 2 * random()));
  const height = 6 + normal(random);
  return Array.from({ length }, (_, t) => {
    const noise = normal(random);
    if (t < start || t > end) return noise;
    const rise = (t - start) / (end - start);
    return noise + height * [1, rise, 1 - rise][kind]!;
  });
}

/** A draw of the standard normal distribution (Box and Muller, 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
