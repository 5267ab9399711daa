/**
 * The way from wide sums to narrow ones as data, for tables and plots.
 */
import type { Layer } from '../network.ts';
import type { Choice } from './search.ts';

/** One choice of bits. */
export interface QuantizationRow {
  /** By the names of layers: bits of a grid's integers, and of the sums of a layer with weights. */
  readonly bits: Readonly<Record<string, number>>;
  /** Against the float network on the rows that were given. */
  readonly loss: number;
  /** Estimate for one row on one thread. */
  readonly microseconds: number;
}

/** What was tried and kept, the widest first; the last row is the network that is returned. */
export interface QuantizationReport {
  readonly maxLoss: number;
  readonly rows: readonly QuantizationRow[];
}

/** The report of choices. */
export function reportOf(
  choices: readonly Choice[],
  layers: readonly Layer[],
  maxLoss: number,
): QuantizationReport {
  const rows = choices.map(({ bits, loss, microseconds }) => ({
    bits: Object.fromEntries([...bits].map(([place, own]) => [layers[place]!.name, own])),
    loss,
    microseconds,
  }));
  return { maxLoss, rows };
}
