/**
 * The compiler's table of contents: each line of `compileGraph` is one pass, in its own file.
 */
import { setImmediate } from 'node:timers/promises';
import type { Graph, Node, NodeOf } from '../../tracer/graph.ts';
import { hash } from '../../tracer/hash.ts';
import type { ClearArray } from '../../tracer/tensor.ts';
import { type InputDeclaration, type Output, trace } from '../../tracer/trace.ts';
import type { Traced } from '../../tracer/value.ts';
import { verify } from '../../tracer/verify.ts';
import { error } from '../errors.ts';
import { checkOptions } from '../options.ts';
import { bounds } from './bounds.ts';
import { type CalibrationOption, calibrationFor } from './calibrate.ts';
import { cheapestPlan, type Demands, pricesOf } from './candidates.ts';
import { type Carriage, type CarriedInputs, carriageOf, checkCarried } from './carried.ts';
import { CellBuilder } from './cells.ts';
import { Circuit, type Compiled, viewsOf } from './circuit.ts';
import { emitProgram } from './emit/program.ts';
import { fuse } from './fuse.ts';
import { type QueryForm, queryForms } from './lower/prices.ts';
import { roundingsOf } from './noise-report.ts';
import { log2Union, predictor, smallestReplyBits } from './parameters/predict.ts';
import type { Constraint } from './parameters/requirements.ts';
import { eventShare } from './parameters/search.ts';
import { withTriedOptions } from './remedy.ts';
import { scalarsOf } from './rows.ts';
import { simulationModel } from './simulation/model.ts';
import { declareInputs, type InputSpecs, type Inputset } from './specs.ts';
import { statisticsOf } from './statistics.ts';

export interface CompileOptions {
  /** Examples that give shape and range of inputs declared `'encrypted'` or `'clear'`. */
  readonly inputset?: Inputset;
  /** Largest probability that any output of a run is wrong; in (0, 0.5]. Default: 2^-40. */
  readonly pError?: number;
  /** How inputs travel where they are not only summed. Default: `'packed'`. */
  readonly query?: QueryForm;
  /** Bytes of the largest evaluation key that may be taken. Default: as large as is worth its price. */
  readonly maxKeyBytes?: number;
  /**
   * Inputs that are not sent, but are outputs of the run before (`Circuit.step`): by name, which output, and what they are
   * at first. What is carried comes out of lookups, as tables of computed values and `np.refresh` do.
   */
  readonly carried?: CarriedInputs;
  /** Times of primitives that costs are estimated with. Default: `'measured'`, those of this machine. */
  readonly calibration?: CalibrationOption;
  /** An abort rejects with its reason, between two passes of the compiler. */
  readonly signal?: AbortSignal | undefined;
}

/** All of them, as the type checker sees to. */
const optionNames = Object.keys({
  inputset: 1,
  pError: 1,
  query: 1,
  maxKeyBytes: 1,
  carried: 1,
  calibration: 1,
  signal: 1,
} satisfies Record<keyof CompileOptions, 1>);

/**
 * Compiles a function of arrays into a circuit that runs on encrypted inputs.
 *
 * @param f called once with traced values, one per input, in the order of `specs`
 * @param specs the inputs by name
 * @throws what tracing throws; BAD_OPTION; NOT_AN_INTEGER, NOT_FINITE or TABLE_TOO_LARGE for a function that has no
 * integer table over the range of its operand; LOOKUP_TOO_WIDE; NO_PARAMETERS; KEY_TOO_LARGE; UNSUPPORTED for operations
 * that are nested thousands deep
 */
export async function compile<R extends Output | readonly Output[]>(
  f: (...inputs: Traced[]) => R,
  specs: InputSpecs,
  options: CompileOptions = {},
): Promise<Circuit<R extends readonly unknown[] ? ClearArray[] : ClearArray>> {
  checkOptions('compile', options, optionNames);
  const { pError = 2 ** -40, query = 'packed', maxKeyBytes, signal } = options;
  signal?.throwIfAborted();
  if (!(typeof pError === 'number' && pError > 0 && pError <= 0.5))
    throw error('BAD_OPTION', {
      what: 'pError',
      given: pError,
      allowed: 'a probability in (0, 0.5]',
    });
  if (maxKeyBytes !== undefined && !(typeof maxKeyBytes === 'number' && maxKeyBytes >= 0))
    throw error('BAD_OPTION', {
      what: 'maxKeyBytes',
      given: maxKeyBytes,
      allowed: 'a number of bytes, at least 0',
    });
  if (!queryForms.includes(query))
    throw error('BAD_OPTION', { what: 'query', given: query, allowed: queryForms });
  const declarations = declareInputs(specs, options.inputset);
  checkFunction(f, declarations);
  let listed = false;
  const graph = trace((...inputs) => {
    const result: Output | readonly Output[] = f(...inputs);
    listed = Array.isArray(result);
    return result;
  }, declarations);
  warnOfConstants(graph);
  const carriage = carriageOf(graph, options.carried);
  // After tracing, for whose errors the caller must still be on the stack.
  const calibration = await calibrationFor(options.calibration);
  const demands = { pError, query, calibration, maxKeyBytes };
  // An abort arrives while other work of the process has its turn.
  const pause = async () => {
    await setImmediate();
    signal?.throwIfAborted();
  };
  const compiled = await compileGraph(graph, carriage, demands, pause).catch((cause: unknown) => {
    throw cause instanceof RangeError ? tooDeep(cause) : cause;
  });
  return new Circuit({ ...compiled, listed }, graph);
}

/** Passes follow chains of choices by recursion: thousands of them, one in the other, are more than the stack holds. */
function tooDeep(cause: RangeError): Error {
  const details = { what: 'compile', given: 'operations that are nested too deep' };
  const remedy = 'nest fewer of them, as with a smaller maxDepth of a tree';
  return error('UNSUPPORTED', { ...details, remedy }, cause);
}

/** @throws BAD_OPTION for what is no function, or one of more parameters than there are inputs */
function checkFunction(f: unknown, inputs: readonly InputDeclaration[]): void {
  if (typeof f !== 'function')
    throw error('BAD_OPTION', { what: 'compile', given: f, allowed: 'a function of arrays' });
  if (f.length <= inputs.length) return;
  const names = inputs.map(({ name }) => name).join(', ');
  throw error('BAD_OPTION', {
    what: 'compile: inputs',
    given: `${inputs.length} (${names}) for a function of ${f.length} parameters`,
    allowed: 'one for each parameter, in their order',
    remedy: 'declare the type of each parameter',
  });
}

/** `x === 3`, `if (x)` and `x && y` throw nothing on a traced value: what is left of a program is then a constant. */
function warnOfConstants({ nodes, inputs, outputs }: Graph): void {
  const places = outputs.map((id) => nodes[id] as Node);
  if (inputs.length === 0 || places.some(({ op }) => op !== 'constant')) return;
  const details = { what: 'compile', location: places[0]?.location };
  const { message } = error('CONSTANT_RESULT', details);
  process.emitWarning(message, { type: 'ConstantResultWarning', code: 'CONSTANT_RESULT' });
}

async function compileGraph(
  graph: Graph,
  carriage: Carriage,
  demands: Demands,
  pause: () => Promise<void>,
): Promise<Omit<Compiled, 'listed'>> {
  const { pError, query, calibration } = demands;
  await pause();
  const fused = fuse(graph);
  verify(fused);
  await pause();
  const builder = new CellBuilder();
  const cells = bounds(fused, builder, carriage.outputs);
  checkCarried(fused, carriage, cells.ranges);
  await pause();
  const choose = (options: Demands) => cheapestPlan(fused, cells, builder, options, pause);
  const { plan, placed, asked, found } = await choose(demands).catch(async (cause) => {
    throw await withTriedOptions(cause, demands, cells.cells.length, choose);
  });
  await pause();
  const { parameters, lookupClasses } = found;
  const predict = predictor(parameters, lookupClasses);
  const share = eventShare(asked.requirements);
  const constraints = asked.requirements.constraints.map((constraint): Constraint => {
    if (constraint.lookup !== null) return constraint;
    const replyBits = smallestReplyBits(constraint, predict, share);
    return { ...constraint, replyBits };
  });
  const predictions = constraints.map(predict);
  const replyBits = asked.outputConstraints.map((at) => constraints[at]?.replyBits ?? 64);
  const inputs = graph.inputs.map((id, i) => {
    const { name, shape, min, max, encrypted } = graph.nodes[id] as NodeOf<'input'>;
    const output = carriage.outputs.get(i);
    const carried = output === undefined ? {} : { carried: output };
    return { name, shape, min, max, encrypted, ...carried };
  });
  const emitted = {
    inputs: scalarsOf(inputs),
    parameters,
    lookupClasses,
    replyBits,
    query,
    initial: carriage.initial,
  };
  const program = emitProgram(plan, placed, emitted);
  const predicted = (at: number) => predictions[at] ?? null;
  const deviation = (at: number) => Math.sqrt(predictions[at]?.variance ?? 0);
  return {
    format: 1,
    hash: hash(graph),
    inputs,
    outputs: graph.outputs.map((id) => graph.nodes[id]?.shape as readonly number[]),
    pError,
    program,
    statistics: statisticsOf(
      { graph: fused, plan, placed, program, prices: pricesOf(demands), calibration },
      { microseconds: found.microseconds, log2Failure: log2Union(constraints, predictions) },
    ),
    noise: roundingsOf(fused, plan, {
      outputs: asked.outputConstraints.map(predicted),
      lookups: asked.lookupConstraints.map(predicted),
    }),
    simulation: simulationModel(
      plan,
      placed,
      {
        outputs: asked.outputConstraints.map(deviation),
        lookups: asked.lookupConstraints.map(deviation),
      },
      cells.promises,
    ),
    graph: viewsOf(fused, cells.ranges),
  };
}
