/** Writes the pages of `docs/reference` that are made from the code: `npm run docs:tables`, about a minute. */
import { writeFileSync } from 'node:fs';
import { costsPage } from './costs.ts';
import { numpyPage } from './numpy.ts';
import { costsPlot } from './plot.ts';

writeFileSync('docs/reference/numpy.md', numpyPage());
const costs = await costsPage();
writeFileSync('docs/reference/costs.md', costs);
writeFileSync('docs/reference/costs.svg', await costsPlot(costs));
