/**
 * Writes the pages of `docs/reference`, and the costs in those of `docs/estimators`, which are made from the code:
 * `npm run docs:tables`, about a minute.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { costsPage } from './costs.ts';
import { withCosts } from './models.ts';
import { numpyPage } from './numpy.ts';
import { costsPlot } from './plot.ts';

writeFileSync('docs/reference/numpy.md', numpyPage());
const costs = await costsPage();
writeFileSync('docs/reference/costs.md', costs);
writeFileSync('docs/reference/costs.svg', await costsPlot(costs));

for (const file of readdirSync('docs/estimators').map((name) => `docs/estimators/${name}`)) {
  writeFileSync(file, await withCosts(readFileSync(file, 'utf8')));
}
