/**
 * A compiled circuit: what users hold. Client and server may each load it from JSON; neither compiles again.
 */
import { toDot } from '../../tracer/dot.ts';
import { evaluateBatch } from '../../tracer/evaluate.ts';
import type { Graph } from '../../tracer/graph.ts';
import { print } from '../../tracer/print.ts';
import { type ArrayLike, type ClearArray, fromTensor } from '../../tracer/tensor.ts';
import { error } from '../errors.ts';
import { checkOptions, type LongWorkOptions } from '../options.ts';
import { createRandom } from '../random.ts';
import { type Carried, decrypt, encrypt, type Query, type Reply } from '../runtime/ciphertexts.ts';
import { EvaluationKey, generateKeys, type Keys, SecretKey } from '../runtime/keys.ts';
import { type LoadedProgram, loadProgram } from '../runtime/load.ts';
import type { Program } from '../runtime/program.ts';
import { type Outcome, type RunOptions, run, runStep } from '../runtime/run.ts';
import { carriedOf, evaluationOf, queryOf, replyOf, secretOf } from './given.ts';
import { type NoiseReport, noiseReport, type RoundingNoise } from './noise-report.ts';
import { roundTrip } from './round-trip.ts';
import { type CircuitInput, joinRows, rowsOf, sentRowsOf, splitRows } from './rows.ts';
import { isCompiled } from './saved.ts';
import { modelFromJSON, type SimulationModel } from './simulation/model.ts';
import { type Simulation, simulationOf } from './simulation/simulate.ts';
import type { Statistics } from './statistics.ts';

/** Everything that a compiled circuit consists of, as plain data. */
export interface Compiled {
  readonly format: 1;
  /** Hash of the traced graph: equal functions of equal inputs have equal hashes. */
  readonly hash: string;
  readonly inputs: readonly CircuitInput[];
  /** Shapes of the outputs. */
  readonly outputs: readonly (readonly number[])[];
  /** Whether the function returned a list of outputs, of one even. */
  readonly listed: boolean;
  readonly pError: number;
  readonly program: Program;
  readonly statistics: Statistics;
  readonly simulation: SimulationModel;
  readonly noise: readonly RoundingNoise[];
  /** The fused graph with the range of every node, as text and as DOT. */
  readonly graph: { readonly text: string; readonly dot: string };
}

/** The graph of a circuit for people: `String(graph)` and Graphviz's DOT. */
export interface GraphView {
  toString(): string;
  toDot(): string;
}

/** What a run returns: one array, or a list of them for functions with several outputs. */
export type Outputs = ClearArray | ClearArray[];

const ofLongWork = ['signal', 'onProgress'];

/** Options of simulation. */
export interface SimulateOptions {
  /** Seed of the modelled noise; without it every call draws anew. */
  readonly randomState?: number;
}

/**
 * `O` is what runs return: one array, or a list for functions with several outputs.
 *
 * Disposing of a circuit frees the keys that `encryptRunDecrypt` made; a later call makes new ones.
 */
export class Circuit<O extends Outputs = Outputs> implements Disposable {
  readonly #compiled: Compiled;
  readonly #source: Graph | null;
  #loaded: LoadedProgram | undefined;
  #simulated: Simulation | undefined;
  #keys: Promise<Keys> | undefined;

  /** Use `compile` or `Circuit.fromJSON`. */
  constructor(compiled: Compiled, source: Graph | null = null) {
    this.#compiled = compiled;
    this.#source = source;
  }

  /** The function as the engines run it, after fusion, with the range of every value. */
  get graph(): GraphView {
    const { graph } = this.#compiled;
    return { toString: () => graph.text, toDot: () => graph.dot };
  }

  get inputs(): readonly CircuitInput[] {
    return this.#compiled.inputs;
  }

  /** Name of the function that was compiled: equal functions of equal inputs have equal ones. */
  get hash(): string {
    return this.#compiled.hash;
  }

  /** Shapes of the outputs. */
  get outputs(): readonly (readonly number[])[] {
    return this.#compiled.outputs;
  }

  get program(): Program {
    return this.#compiled.program;
  }

  get statistics(): Statistics {
    return this.#compiled.statistics;
  }

  /** What noise is predicted wherever a run rounds, and how likely it is to go wrong. */
  get noise(): NoiseReport {
    return noiseReport(this.#compiled.noise, this.#compiled.statistics.log2Failure);
  }

  /** Largest probability that any output of a run is wrong. */
  get pError(): number {
    return this.#compiled.pError;
  }

  /** Fresh keys, from the operating system's randomness. The secret key stays with the client. */
  keygen(): Promise<Keys> {
    return generateKeys(this.#program());
  }

  /** A secret key from its bytes. @throws BAD_KEY, WRONG_KEY */
  secretKey(bytes: Uint8Array): SecretKey {
    return SecretKey.fromBytes(this.#program(), bytes);
  }

  /** An evaluation key from its bytes. Rejects with BAD_KEY or WRONG_KEY. */
  evaluationKey(bytes: Uint8Array): Promise<EvaluationKey> {
    return EvaluationKey.fromBytes(this.#program(), bytes);
  }

  /**
   * Encrypts one value of each input that is not carried.
   *
   * @throws SHAPE_MISMATCH, NOT_AN_INTEGER, OUT_OF_RANGE, WRONG_KEY
   */
  encrypt(secret: SecretKey, ...args: ArrayLike[]): Query {
    const key = secretOf('encrypt', secret);
    return encrypt(this.#program(), key, sentRowsOf(this.inputs, args, false).values, 1);
  }

  /** Runs on a query (or its bytes) without any secret; off the JavaScript thread. */
  async run(
    evaluation: EvaluationKey,
    query: Query | Uint8Array,
    options: RunOptions = {},
  ): Promise<Reply> {
    checkOptions('run', options, ['threads', ...ofLongWork]);
    const key = evaluationOf('run', evaluation);
    return run(this.#program(), key, queryOf('run', query), options);
  }

  /**
   * As `run`, one of a series: on what the step before carried (or its bytes), null for the first. It resolves with the reply
   * and with what to pass to the next step, which the server keeps; null where the circuit carries nothing.
   */
  async step(
    evaluation: EvaluationKey,
    query: Query | Uint8Array,
    carried: Carried | Uint8Array | null,
    options: RunOptions = {},
  ): Promise<Outcome> {
    checkOptions('step', options, ['threads', ...ofLongWork]);
    const key = evaluationOf('step', evaluation);
    const before = carriedOf('step', carried);
    return runStep(this.#program(), key, queryOf('step', query), before, options);
  }

  /** The outputs of a reply (or its bytes) to a query of one row. */
  decrypt(secret: SecretKey, reply: Reply | Uint8Array): O {
    const key = secretOf('decrypt', secret);
    return this.#outputsOf(decrypt(this.#program(), key, replyOf('decrypt', reply)), null);
  }

  /** Encrypts, runs and decrypts in this process, with keys made on first use and kept. */
  async encryptRunDecrypt(...args: ArrayLike[]): Promise<O> {
    const { values } = sentRowsOf(this.inputs, args, false);
    return this.#outputsOf(await this.#roundTrip(values, 1, {}), null);
  }

  /** As `encryptRunDecrypt` for many rows: each input is [rows, ...its shape], and so is each output. */
  async encryptRunDecryptBatch(
    args: readonly ArrayLike[],
    options: LongWorkOptions = {},
  ): Promise<O> {
    checkOptions('encryptRunDecryptBatch', options, ofLongWork);
    const { values, count } = sentRowsOf(this.inputs, args, true);
    return this.#outputsOf(await this.#roundTrip(values, count, options), count);
  }

  /**
   * The clear meaning of the circuit: exact integers, no encryption. Inputs are checked as for encryption; carried ones are
   * given too.
   *
   * @throws as encryption; OUT_OF_RANGE for a value that breaks a promise of `hint`
   */
  evaluate(...args: ArrayLike[]): O {
    return this.#outputsOf(this.#evaluate(rowsOf(this.inputs, args, false).values, 1), null);
  }

  /** As `evaluate` for many rows: each input is [rows, ...its shape], and so is each output. */
  evaluateBatch(args: readonly ArrayLike[]): O {
    const { values, count } = rowsOf(this.inputs, args, true);
    return this.#outputsOf(this.#evaluate(values, count), count);
  }

  /** Clear integers plus noise of the predicted variance wherever the encrypted run rounds. */
  async simulate(...args: ArrayLike[]): Promise<O> {
    return this.#outputsOf(this.#simulate(rowsOf(this.inputs, args, false).values, 1, {}), null);
  }

  /** As `simulate` for many rows: each input is [rows, ...its shape], and so is each output. */
  async simulateBatch(args: readonly ArrayLike[], options: SimulateOptions = {}): Promise<O> {
    checkOptions('simulateBatch', options, ['randomState']);
    const { values, count } = rowsOf(this.inputs, args, true);
    return this.#outputsOf(this.#simulate(values, count, options), count);
  }

  [Symbol.dispose](): void {
    this.#keys?.then((keys) => keys[Symbol.dispose]()).catch(() => undefined);
    this.#keys = undefined;
  }

  /** Plain data for `JSON.stringify`; `Circuit.fromJSON` makes an equal circuit of it. */
  toJSON(): unknown {
    const plain = (_: string, value: unknown) =>
      value instanceof Float64Array ? Array.from(value) : value;
    return JSON.parse(JSON.stringify(this.#compiled, plain));
  }

  /**
   * A circuit from its JSON (parsed, or as text). The program is validated when it is first used.
   *
   * @throws BAD_PROGRAM
   */
  static fromJSON(json: unknown): Circuit {
    const parsed: unknown = typeof json === 'string' ? parse(json) : json;
    if (!isCompiled(parsed))
      throw error('BAD_PROGRAM', {
        what: 'Circuit.fromJSON',
        given: json,
        allowed: 'what toJSON() of a circuit gave',
      });
    const circuit = new Circuit({ ...parsed, simulation: modelFromJSON(parsed.simulation) });
    circuit.#simulation();
    return circuit;
  }

  #program(): LoadedProgram {
    this.#loaded ??= loadProgram(this.#compiled.program);
    return this.#loaded;
  }

  async #roundTrip(
    values: Float64Array,
    rows: number,
    options: LongWorkOptions,
  ): Promise<Float64Array> {
    options.signal?.throwIfAborted();
    if (this.#keys === undefined) options.onProgress?.({ stage: 'keygen', done: 0, total: 1 });
    this.#keys ??= this.keygen().catch((cause: unknown) => {
      this.#keys = undefined;
      throw cause;
    });
    return roundTrip(this.#program(), await this.#keys, values, rows, {
      ...options,
      queryBytes: this.statistics.queryBytes,
    });
  }

  #evaluate(values: Float64Array, rows: number): Float64Array {
    if (this.#source === null) return this.#simulation().evaluate(values, rows);
    const shapes = this.inputs.map(({ shape }) => shape);
    try {
      return joinRows(evaluateBatch(this.#source, splitRows(values, shapes, rows)), rows);
    } catch (cause) {
      // A branch that np.where does not choose needs no value, as in where(y.equal(0), 0, floorDivide(10, y)): what an
      // output needs has one, or compiling had refused it.
      try {
        return this.#simulation().evaluate(values, rows);
      } catch {
        throw cause;
      }
    }
  }

  #simulate(values: Float64Array, rows: number, { randomState }: SimulateOptions): Float64Array {
    const random = randomState === undefined ? Math.random : createRandom(randomState);
    return this.#simulation().simulate(values, rows, random, this.#evaluate.bind(this));
  }

  #simulation(): Simulation {
    this.#simulated ??= simulationOf(this.#compiled.simulation);
    return this.#simulated;
  }

  #outputsOf(values: Float64Array, rows: number | null): O {
    const arrays = splitRows(values, this.outputs, rows ?? 1).map(({ shape, data }) =>
      fromTensor({ shape: rows === null ? shape.slice(1) : shape, data }),
    );
    return (this.#compiled.listed ? arrays : arrays[0]) as O;
  }
}

/** The printed views of a graph whose ranges are known; made when they are first read, for finding places takes time. */
export function viewsOf(
  graph: Graph,
  ranges: readonly { min: number; max: number }[],
): Compiled['graph'] {
  let text: string | undefined;
  let dot: string | undefined;
  return {
    get text() {
      text ??= print(graph, {
        ranges: (node) => {
          const range = ranges[node.id];
          return range === undefined ? null : [range.min, range.max];
        },
      });
      return text;
    },
    get dot() {
      dot ??= toDot(graph);
      return dot;
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw error('BAD_PROGRAM', { what: 'Circuit.fromJSON', given: 'text that is not JSON' }, cause);
  }
}
