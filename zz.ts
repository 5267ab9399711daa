import { GradientBoostingClassifier } from 'blindfit/estimators';
import { load } from './test/estimators/support.ts';
const arg = (name: string, d: string) => process.argv.find(a => a.startsWith(name + '='))?.split('=')[1] ?? d;
const { XTrain, yTrain, XTest, yTest } = load(arg('set', 'breast-cancer'));
const p = { nEstimators: Number(arg('n', '50')), maxDepth: Number(arg('depth', '4')), learningRate: Number(arg('lr', '0.3')), growPolicy: arg('policy', 'depthwise') as any, output: arg('output', 'scores') as any, nBits: Number(arg('nBits', '8')) };
let fit = 1e9; let m!: GradientBoostingClassifier;
for (let i = 0; i < 3; i++) { const t = performance.now(); m = new GradientBoostingClassifier(p).fit(XTrain, yTrain); fit = Math.min(fit, performance.now() - t); }
let t = performance.now(); const c = await m.compile(); const ct = performance.now() - t;
const row = XTest.slice(0, 1); const times: number[] = [];
const eq = JSON.stringify(await m.predict(row, { encrypted: true })) === JSON.stringify(m.predict(row));
for (let i = 0; i < Number(arg('runs','21')); i++) { t = performance.now(); await m.predict(row, { encrypted: true }); times.push(performance.now() - t); }
times.sort((a, b) => a - b); const s = c.statistics;
console.log(JSON.stringify(p), 'acc', m.score(XTest, yTest).toFixed(4), 'fit', fit.toFixed(0), 'compile', ct.toFixed(0), 'eq', eq, 'min', times[0]!.toFixed(1), 'med', times[times.length >> 1]!.toFixed(1), 'est', (s.microseconds / 1e3).toFixed(1), 'bits', s.diagrams.bits, 'of', m.fitted.quantizer.features.length, 'cmux', s.diagrams.cmux, 'boot', s.lookups.bootstraps, 'key', s.evaluationKeyBytes, 'query', s.queryBytes, 'reply', s.replyBytes, 'json', JSON.stringify(m).length);
