/** Writes `docs/reference/accuracy.md` and its plot: `npm run docs:accuracy`, some minutes. */
import { writeFileSync } from 'node:fs';
import { bitsPlot, bitsTitle, measureBits } from './bits.ts';
import { accuracyCases } from './cases.ts';
import { measureCase } from './measure.ts';
import { accuracyPage, tablesOf } from './page.ts';

const measured = new Map(accuracyCases.map((each) => [each, measureCase(each)]));
const page = accuracyPage(measured, measureBits());
writeFileSync('docs/reference/accuracy.md', page);
writeFileSync('docs/reference/accuracy.svg', await bitsPlot(tablesOf(page).get(bitsTitle)!));
