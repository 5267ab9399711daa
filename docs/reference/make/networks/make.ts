/** Writes `docs/reference/networks.md` and its plot: `npm run docs:ready-networks`, some ten minutes. */
import { writeFileSync } from 'node:fs';
import { networkCases } from './cases.ts';
import { growthPlot, measureGrowth } from './growth.ts';
import { type MeasuredNetwork, measureNetwork } from './measure.ts';
import { networksPage } from './page.ts';

const measured = new Map<(typeof networkCases)[number], MeasuredNetwork>();
for (const each of networkCases) {
  console.error(`${each.architecture}: ${each.data}`);
  measured.set(each, await measureNetwork(each));
}
console.error('growth');
const growths = await measureGrowth();
writeFileSync('docs/reference/networks.md', networksPage(measured, growths));
writeFileSync('docs/reference/networks.svg', `${await growthPlot(growths)}\n`);
