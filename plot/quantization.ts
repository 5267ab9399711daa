/**
 * What bits buy: accuracy against time.
 */
import type { QuantizationReport } from '../estimators/neural/posttraining/report.ts';
import { error } from '../lib/errors.ts';
import { checkOptions } from '../lib/options.ts';
import { type Point, plotLines } from './lines.ts';

/** Options of `plotQuantization`. */
export interface QuantizationPlotOptions {
  readonly title?: string;
}

/**
 * The choices of bits of one or several reports of `quantize`, by names: what each keeps, 1 - loss, against its time per row.
 *
 * @returns the text of an SVG file
 * @throws BAD_OPTION without a report; UNSUPPORTED where `vega` is not installed
 */
export async function plotQuantization(
  reports: { readonly [label: string]: QuantizationReport },
  options: QuantizationPlotOptions = {},
): Promise<string> {
  checkOptions('plotQuantization', options, ['title']);
  const series = Object.entries(reports).map(([label, { rows }]) => ({
    label,
    points: rows.map(({ loss, microseconds }): Point => [microseconds / 1e6, 1 - loss]),
  }));
  if (series.length === 0) {
    const details = { given: 'no report', allowed: 'reports of quantize by names' };
    throw error('BAD_OPTION', { what: 'plotQuantization', ...details });
  }
  const x = { label: 'time per row', scale: 'log', unit: 's' } as const;
  return plotLines({ x, y: { label: 'kept accuracy' }, series }, options);
}
