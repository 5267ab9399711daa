import { DecisionTreeClassifier, DecisionTreeRegressor } from './estimators/index.ts';
const n = 3000;
const X = Array.from({ length: n }, (_, i) => [i]);
// a regressor on exponential targets splits off one row after the other
const m = new DecisionTreeRegressor({ nBits: 12 }).fit(X, X.map(([i]) => 1.2 ** (i! - 3000 + 500 > 0 ? i! - 2500 : 0)));
console.log(m.getDepth(), m.getNLeaves());
// tampered chain
const json = JSON.parse(JSON.stringify(m));
const depth = Number(process.argv[2]);
const nodes = 2 * depth + 1;
const tree: any = { childrenLeft: [], childrenRight: [], feature: [], threshold: [], impurity: [], nNodeSamples: [], weightedNNodeSamples: [], value: [] };
for (let i = 0; i < nodes; i++) { const inner = i % 2 === 0 && i < nodes - 1; tree.childrenLeft.push(inner ? i + 1 : -1); tree.childrenRight.push(inner ? i + 2 : -1); tree.feature.push(inner ? 0 : -1); tree.threshold.push(inner ? i : 0); tree.impurity.push(0); tree.nNodeSamples.push(1); tree.weightedNNodeSamples.push(1); tree.value.push([i % 7]); }
const features: any[] = tree.threshold.filter((_: any, i: number) => tree.feature[i] >= 0);
json.fitted.tree = tree; json.fitted.quantizer = { kind: 'thresholds', bits: Math.max(1, Math.ceil(Math.log2(features.length + 1))), features: [0], thresholds: [features] };
const r = DecisionTreeRegressor.fromJSON(json);
console.log(r.predict([[5.5], [1e9]]).data);
try { const t = performance.now(); await r.compile(); console.log('compiled', performance.now() - t, r.circuit.statistics.microseconds); } catch (e: any) { console.log(String(e).slice(0, 300), e.code); }
