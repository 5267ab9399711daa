import test from 'ava';
import { DecisionTreeClassifier, type Tree } from '../../estimators/index.ts';
import { plotTree } from '../../plot/index.ts';
import { load } from '../estimators/support.ts';
import { marks, texts } from './support.ts';

const { XTrain, yTrain } = load('iris');
const { tree } = new DecisionTreeClassifier().fit(XTrain, yTrain).fitted;
const featureNames = ['sepal length', 'sepal width', 'petal length', 'petal width'];
const classNames = ['setosa', 'versicolor', 'virginica'];

const boxes = (svg: string) =>
  marks(svg, 'mark-group role-scope').filter(({ children }) =>
    children.some(({ attributes }) => attributes.class === 'background'),
  );

test('a box for each node, a line for each branch, a bar of the shares', async (t) => {
  const svg = await plotTree(tree, { featureNames, classNames, title: 'Iris' });
  const nodes = tree.feature.length;
  const leaves = tree.feature.filter((feature) => feature < 0).length;
  t.is(boxes(svg).length, nodes);
  t.is(marks(svg, 'mark-rule role-mark').length, nodes - 1);
  const pieces = tree.value.flat().filter((share) => share > 0).length;
  t.is(marks(svg, 'mark-rect role-mark').length, pieces);
  const written = texts(svg);
  t.is(written.filter((text) => text.includes(' ≤ ')).length, nodes - leaves);
  t.is(written.filter((text) => /^\d+ rows?$/.test(text)).length, nodes);
  t.true(written.includes('Iris'));
  t.is(written.filter((text) => text === 'true' || text === 'false').length, 2);
});

test('children are under their parent, the left one left of the right one', async (t) => {
  const svg = await plotTree(tree);
  const places = boxes(svg).map(({ attributes }) => {
    const [, x, y] = /translate\((-?[\d.]+),(-?[\d.]+)\)/.exec(attributes.transform!)!;
    return { x: Number(x), y: Number(y) };
  });
  // Boxes come as the tree has its nodes: each left subtree before the right one.
  tree.childrenLeft.forEach((left, id) => {
    if (left < 0) return;
    const right = tree.childrenRight[id]!;
    t.true(places[left]!.y > places[id]!.y && places[left]!.y === places[right]!.y);
    t.true(places[left]!.x < places[id]!.x && places[id]!.x < places[right]!.x);
  });
});

test('names and numbers by default; precision; deep trees end in ellipses', async (t) => {
  const svg = await plotTree(tree, { maxDepth: 1, precision: 2 });
  const written = texts(svg);
  t.true(written.some((text) => /^x\[\d\] ≤ [\d.]{1,4}$/.test(text)));
  t.true(written.some((text) => text.startsWith('class 0: ')));
  t.is(written.filter((text) => text === '…').length, 4 - 2);
  t.is(written.filter((text) => / rows?$/.test(text)).length, 5 - 2);
});

test('a tree of one output shows its values, and a long chain is drawn', async (t) => {
  const leaf = { feature: -1, threshold: 0, left: -1, right: -1 };
  const chain = Array.from({ length: 1001 }, (_, id) =>
    id % 2 === 0 && id < 1000 ? { feature: 0, threshold: id, left: id + 1, right: id + 2 } : leaf,
  );
  const regression: Tree = {
    childrenLeft: chain.map(({ left }) => left),
    childrenRight: chain.map(({ right }) => right),
    feature: chain.map(({ feature }) => feature),
    threshold: chain.map(({ threshold }) => threshold),
    impurity: chain.map(() => 1),
    nNodeSamples: chain.map((_, id) => id + 1),
    weightedNNodeSamples: chain.map((_, id) => id + 1),
    value: chain.map((_, id) => [id + 0.123456]),
  };
  const svg = await plotTree(regression);
  t.is(boxes(svg).length, 1001);
  t.true(texts(svg).includes('2.123'));
  t.is(marks(svg, 'mark-rect role-mark').length, 0);
});

test('a tree of a single leaf is one box', async (t) => {
  const one = new DecisionTreeClassifier({ minImpurityDecrease: 1 }).fit(XTrain, yTrain);
  t.is(boxes(await plotTree(one.fitted.tree, { classNames })).length, 1);
});

test('missing names and wrong numbers are refused', async (t) => {
  await t.throwsAsync(plotTree(tree, { featureNames: ['a'] }), { code: 'BAD_OPTION' });
  await t.throwsAsync(plotTree(tree, { classNames: ['a', 'b'] }), { code: 'BAD_OPTION' });
  await t.throwsAsync(plotTree(tree, { maxDepth: -1 }), { code: 'BAD_OPTION' });
  await t.throwsAsync(plotTree(tree, { precision: 0 }), { code: 'BAD_OPTION' });
  await t.throwsAsync(plotTree(tree, { maxdepth: 3 } as object), { code: 'BAD_OPTION' });
});
