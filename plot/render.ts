/**
 * From a Vega specification to the text of an SVG file, and the looks that all plots share.
 */
import type { Config, Spec } from 'vega';
import { error } from '../lib/errors.ts';

/** Colours that eyes of all kinds tell apart (Okabe and Ito 2008), those first that are strong enough for thin lines. */
export const palette: readonly string[] = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#000000',
  '#999999',
];

/** Colour of text. */
export const ink = '#222222';

const font = 'Helvetica, Arial, "Liberation Sans", sans-serif';

const config: Config = {
  background: 'white',
  text: { font, fontSize: 12, fill: ink },
  axis: {
    labelFont: font,
    labelFontSize: 12,
    labelColor: ink,
    titleFont: font,
    titleFontSize: 13,
    titleFontWeight: 'normal',
    titleColor: ink,
    titlePadding: 10,
    domainColor: '#888888',
    tickColor: '#888888',
    gridColor: '#e4e4e4',
  },
  legend: { labelFont: font, labelFontSize: 12, labelColor: ink, labelLimit: 0, rowPadding: 4 },
  title: { font, fontSize: 14, fontWeight: 'bold', color: ink, anchor: 'start', offset: 12 },
};

/**
 * Draws a specification, under its title.
 *
 * @throws UNSUPPORTED where the package `vega` is not installed
 */
export async function svgOf(spec: Spec, title: string | undefined): Promise<string> {
  const vega = await loadVega();
  // Names of clip paths count up over the process; the same plot is to be the same text.
  vega.resetSVGDefIds();
  const whole: Spec = {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    autosize: { type: 'pad', contains: 'padding' },
    padding: 12,
    ...spec,
    ...(title !== undefined && { title }),
  };
  const view = new vega.View(vega.parse(whole, config), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** Vega is an optional peer: who draws nothing need not install it. */
async function loadVega(): Promise<typeof import('vega')> {
  try {
    return await import('vega');
  } catch (cause) {
    const remedy = 'run `npm install vega`, version 6';
    throw error('UNSUPPORTED', { what: 'plot', given: 'no package vega', remedy }, cause);
  }
}
