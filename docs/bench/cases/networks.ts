import { architectures, NeuralNetworkClassifier } from 'blindfit/estimators';
import type { Split } from '../../examples/data/load.ts';
import { splitDigits } from '../../examples/data/load.ts';
import type { Case, Figures } from '../case.ts';
import { splitDigits28x28 } from '../digits28x28.ts';
import { modelFigures } from '../model.ts';

/** Trains a ready network and times encrypted predictions. */
function figures(parameters: architectures.NetworkArchitecture, split: Split): Promise<Figures> {
  return modelFigures(new NeuralNetworkClassifier({ ...parameters, randomState: 0 }), split, 11, 8);
}

/** Networks on handwritten digits; those of 8 x 8 pixels are beside networks of Concrete ML on the same rows. */
export const cases: readonly Case[] = [
  {
    name: 'digits-mlp',
    goal: { 'predict ms': 300, accuracy: 0.95 },
    run: () => figures(architectures.digits8x8Dense(), splitDigits()),
  },
  {
    name: 'digits-cnn',
    goal: { 'predict ms': 1500, accuracy: 0.97 },
    run: () => figures(architectures.digits8x8(), splitDigits()),
  },
  {
    name: 'digits-28x28',
    goal: { 'predict ms': 1000, accuracy: 0.96 },
    run: () => figures(architectures.digits28x28(), splitDigits28x28(3)),
  },
];
