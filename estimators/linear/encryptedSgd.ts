/**
 * Gradient descent on the logistic loss with encrypted rows, labels and weights.
 *
 * The client makes integers of the rows, encrypts a batch for each step, and decrypts weights; the server runs all steps,
 * each on the weights that the one before left (`Circuit.step`).
 */
import { type Carried, type Circuit, compile, type Reply } from '../../lib/index.ts';
import { createRandom } from '../../lib/random.ts';
import { type ClearArray, type Tensor, toTensor } from '../../tracer/tensor.ts';
import { type TrainingGrid, trainingGrid } from '../quantize/trainingGrid.ts';
import { type Batch, batchesOf, ordersOf } from './encryptedBatches.ts';
import type { EncryptedProblem, TrainingOptions } from './encryptedOptions.ts';
import { precision, stepShape, weightUnit } from './encryptedShape.ts';
import { type StepInputs, type StepShape, step, stepInputs } from './encryptedStep.ts';
import type { Solution } from './fitted.ts';

/** Share of the steps, the last ones, whose weights are averaged. */
const averagedShare = 0.5;

/** Solves one problem after the other. Rejects with what the compiler and the runtime throw. */
export async function trainEncrypted(
  problem: EncryptedProblem,
  options: TrainingOptions,
): Promise<Solution> {
  const { steps, batchSize, signal, onProgress, pError } = options;
  const grid = trainingGrid(problem.X, precision.rowBits);
  const random = createRandom(problem.randomState);
  const orders = ordersOf(problem.X.shape[0]!, steps, batchSize, random);
  const shape = stepShape(grid, orders, problem, options);
  onProgress?.({ stage: 'compile', done: 0, total: 1 });
  const circuit = await compile(
    (...inputs) => step(shape, ...(inputs as unknown as StepInputs)),
    stepInputs(shape),
    { carried: { weights: { output: 0 } }, signal, ...(pError === undefined ? {} : { pError }) },
  );
  onProgress?.({ stage: 'compile', done: 1, total: 1 });
  const run = options.simulated ? runSimulated : runEncrypted;
  const solved: Float64Array[] = [];
  for (const target of problem.targets) {
    const batches = batchesOf(grid, target, orders, shape, random);
    const total = steps * problem.targets.length;
    const told = solved.length * steps;
    const report = (done: number) => onProgress?.({ stage: 'step', done: told + done, total });
    const last = Math.max(1, Math.floor(steps * averagedShare));
    solved.push(mean(await run(circuit, batches, last, { signal, report })));
  }
  const form = formOf(grid, shape, solved, weightUnit(shape, options));
  return { ...form, nIter: steps, converged: true };
}

interface Watch {
  readonly signal: AbortSignal | undefined;
  readonly report: (done: number) => void;
}

/** The weights after each of the `last` steps, computed encrypted: nothing but these is decrypted. */
async function runEncrypted(
  circuit: Circuit<ClearArray>,
  batches: readonly Batch[],
  last: number,
  { signal, report }: Watch,
): Promise<Float64Array[]> {
  const keys = await circuit.keygen();
  try {
    let carried: Carried | null = null;
    const replies: Reply[] = [];
    for (const [i, batch] of batches.entries()) {
      signal?.throwIfAborted();
      report(i);
      const query = circuit.encrypt(keys.secret, ...batch);
      const outcome = await circuit.step(keys.evaluation, query, carried, { signal });
      carried = outcome.carried;
      if (i >= batches.length - last) replies.push(outcome.reply);
    }
    report(batches.length);
    return replies.map((reply) =>
      Float64Array.from(toTensor(circuit.decrypt(keys.secret, reply)).data),
    );
  } finally {
    keys[Symbol.dispose]();
  }
}

/** The same by simulation. */
async function runSimulated(
  circuit: Circuit<ClearArray>,
  batches: readonly Batch[],
  last: number,
  { signal, report }: Watch,
): Promise<Float64Array[]> {
  const { shape } = circuit.inputs.at(-1)!;
  let weights: Tensor = { shape, data: new Float64Array(shape[0]!) };
  const kept: Float64Array[] = [];
  for (const [i, batch] of batches.entries()) {
    signal?.throwIfAborted();
    report(i);
    weights = toTensor(await circuit.simulate(...batch, weights));
    if (i >= batches.length - last) kept.push(weights.data as Float64Array);
  }
  report(batches.length);
  return kept;
}

function mean(weights: readonly Float64Array[]): Float64Array {
  return weights[0]!.map(
    (_, j) => weights.reduce((sum, each) => sum + each[j]!, 0) / weights.length,
  );
}

/** Weights of codes as coefficients of features. */
function formOf(
  { center, scale, unit }: TrainingGrid,
  { features, interceptCode }: StepShape,
  solved: readonly Float64Array[],
  weight: number,
): Pick<Solution, 'coef' | 'intercept'> {
  const coef = solved.map((w) =>
    center.map((_, j) => (scale[j] === 0 ? 0 : (w[j]! * weight * unit) / scale[j]!) + 0),
  );
  const intercept = solved.map((w, k) => {
    const own = interceptCode > 0 ? w[features]! * weight * unit * interceptCode : 0;
    return coef[k]!.reduce((sum, value, j) => sum - value * center[j]!, own) + 0;
  });
  return { coef, intercept };
}
