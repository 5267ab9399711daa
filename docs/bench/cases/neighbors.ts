import { KNeighborsClassifier } from 'blindfit/estimators';
import { createRandom } from '../../../lib/random.ts';
import type { Split } from '../../examples/data/load.ts';
import type { Case } from '../case.ts';
import { modelFigures } from '../model.ts';

/** Points of two classes around two centres, and rows to judge by. */
function points(count: number, features: number): Split {
  const random = createRandom(1);
  const rows = (length: number): { readonly X: number[][]; readonly y: number[] } => {
    const y = Array.from({ length }, (_, i) => i % 2);
    const noise = (): number => random() + random() + random() - 1.5;
    return { X: y.map((label) => Array.from({ length: features }, () => label + noise())), y };
  };
  const [train, test] = [rows(count), rows(64)];
  return { XTrain: train.X, yTrain: train.y, XTest: test.X, yTest: test.y };
}

const own = { nNeighbors: 3, outOfRange: 'clip' } as const;

/** Three nearest neighbours: of 256 points of 16 features of 6 bits, and of the few that the peer can take. */
export const cases: readonly Case[] = [
  {
    name: 'neighbors-256',
    goal: { 'predict ms': 10_000 },
    run: () => modelFigures(new KNeighborsClassifier({ ...own, nBits: 6 }), points(256, 16), 3, 4),
  },
  {
    name: 'neighbors-256-client',
    run: () =>
      modelFigures(
        new KNeighborsClassifier({ ...own, selection: 'client' }),
        points(256, 16),
        21,
        64,
      ),
  },
  {
    name: 'neighbors-7',
    run: () => modelFigures(new KNeighborsClassifier({ ...own, nBits: 3 }), points(7, 3), 21, 64),
  },
];
