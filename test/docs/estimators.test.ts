/** The pages of estimators: one for each class, with all its parameters, and listed. */
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { Estimator } from '../../estimators/estimator.ts';
import * as estimators from '../../estimators/index.ts';
import { Predictor } from '../../estimators/predictor.ts';

const classes = Object.values(estimators).filter(
  (value) => typeof value === 'function' && value.prototype instanceof Estimator,
) as unknown as readonly (new () => Estimator<object, never>)[];

/** `RidgeClassifier` is in ridge-classifier.md, `GaussianNB` in gaussian-nb.md. */
function pageOf(name: string): string {
  const kebab = name.replace(/([a-z])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3-$2').toLowerCase();
  const own = `docs/estimators/${kebab}.md`;
  return existsSync(own) ? own : 'docs/estimators/preprocessing.md';
}

/** The pages beside it that a page refers to: a regressor's parameters may be those of the classifier. */
function linkedFrom(page: string): string {
  const links = [...page.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, file]) => file!);
  return links.map((file) => readFileSync(`docs/estimators/${file}`, 'utf8')).join('\n');
}

for (const Class of classes) {
  const model = new Class();
  test(`${model.name} has a page with all its parameters`, (t) => {
    const page = readFileSync(pageOf(model.name), 'utf8');
    t.true(page.includes(model.name));
    const text = page + linkedFrom(page);
    for (const name of Object.keys(model.getParams())) {
      t.regex(text, new RegExp(`\`[^\`]*\\b${name}\\b[^\`]*\``));
    }
    if (!(model instanceof Predictor)) return;
    t.true(page.includes(`<!-- costs:${model.name} -->`), 'costs');
    const list = readFileSync('docs/estimators/index.md', 'utf8');
    t.true(list.includes(`[${model.name}](${pageOf(model.name).split('/').at(-1)})`));
  });
}
