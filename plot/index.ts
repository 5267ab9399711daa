/**
 * Plots as SVG, drawn by Vega without a browser. Install it beside: `npm install vega`.
 */
export { type ConfusionMatrixOptions, plotConfusionMatrix } from './confusionMatrix.ts';
export {
  type AxisOptions,
  type LinesOptions,
  type Panel,
  type Point,
  plotLines,
  type Series,
} from './lines.ts';
export { plotQuantization, type QuantizationPlotOptions } from './quantization.ts';
export { plotRocCurve, type RocPlotOptions } from './rocCurve.ts';
export { plotTree, type TreePlotOptions } from './tree.ts';
