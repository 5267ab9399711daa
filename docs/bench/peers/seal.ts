/**
 * A linear model on Microsoft SEAL's CKKS, compiled to WebAssembly as `node-seal`: seal.ts CASE FOLDER, where FOLDER has the
 * package. What a JavaScript user would write today: the coefficients come from the same fit, scores are real numbers
 * with an error near 1e-6, the key is 3.7 MB, and one row costs a product and five rotations.
 *
 * Batches have another layout: a ciphertext for each feature, with as many rows as it has slots, and no rotations.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { LogisticRegression } from 'blindfit/estimators';
import { splitBreastCancer } from '../../examples/data/load.ts';
import type { Figures } from '../case.ts';
import { medianMs, timed } from '../measure.ts';

/** The part of `node-seal` that is used here; a value lives in WebAssembly's memory until `delete`. */
interface Seal {
  readonly SchemeType: { readonly ckks: unknown };
  readonly SecurityLevel: { readonly tc128: unknown };
  readonly CoeffModulus: { Create(degree: number, bits: Int32Array): unknown };
  EncryptionParameters(scheme: unknown): {
    setPolyModulusDegree(degree: number): void;
    setCoeffModulus(modulus: unknown): void;
  };
  Context(parameters: unknown, expandModulus: boolean, security: unknown): unknown;
  KeyGenerator(context: unknown): {
    secretKey(): unknown;
    createPublicKey(): unknown;
    createGaloisKeys(steps: Int32Array): Value;
  };
  CKKSEncoder(context: unknown): {
    encode(values: Float64Array, scale: number): Value;
    decode(plain: Value): Float64Array;
  };
  Encryptor(
    context: unknown,
    publicKey: unknown,
    secretKey: unknown,
  ): { encryptSymmetric(plain: Value): Value };
  Decryptor(context: unknown, secretKey: unknown): { decrypt(cipher: Value): Value };
  Evaluator(context: unknown): {
    multiplyPlain(cipher: Value, plain: Value): Value;
    rescaleToNext(cipher: Value): Value;
    rotateVector(cipher: Value, steps: number, keys: Value): Value;
    add(a: Value, b: Value): Value;
  };
}

interface Value {
  saveArray(): Uint8Array;
  delete(): void;
}

/** 128 bits of security, room for one product, and an error of a score near 1e-6. */
const degree = 8192;
const modulusBits = Int32Array.of(60, 40, 60);
const scale = 2 ** 40;
const slots = degree / 2;
/** Rotations that sum 32 slots. */
const steps = [16, 8, 4, 2, 1];

/** Scores of rows of up to 32 features under one secret key. */
class LinearModel {
  readonly #encoder;
  readonly #encryptor;
  readonly #decryptor;
  readonly #evaluator;
  readonly #coef: readonly number[];
  readonly #intercept: number;
  readonly galoisKeys: Value;

  constructor(seal: Seal, coef: readonly number[], intercept: number) {
    const parameters = seal.EncryptionParameters(seal.SchemeType.ckks);
    parameters.setPolyModulusDegree(degree);
    parameters.setCoeffModulus(seal.CoeffModulus.Create(degree, modulusBits));
    const context = seal.Context(parameters, true, seal.SecurityLevel.tc128);
    const keys = seal.KeyGenerator(context);
    const secret = keys.secretKey();
    this.galoisKeys = keys.createGaloisKeys(Int32Array.from(steps));
    this.#encoder = seal.CKKSEncoder(context);
    this.#encryptor = seal.Encryptor(context, keys.createPublicKey(), secret);
    this.#decryptor = seal.Decryptor(context, secret);
    this.#evaluator = seal.Evaluator(context);
    this.#coef = coef;
    this.#intercept = intercept;
  }

  encrypt(values: Float64Array): Value {
    const plain = this.#encoder.encode(values, scale);
    const cipher = this.#encryptor.encryptSymmetric(plain);
    plain.delete();
    return cipher;
  }

  /** The scores are in slot 0. */
  run(query: Value): Value {
    const { multiplyPlain, rescaleToNext, rotateVector, add } = this.#evaluator;
    const plain = this.#encoder.encode(Float64Array.from(this.#coef), scale);
    const products = multiplyPlain(query, plain);
    let sum = rescaleToNext(products);
    for (const each of [plain, products]) each.delete();
    for (const step of steps) {
      const rotated = rotateVector(sum, step, this.galoisKeys);
      const next = add(sum, rotated);
      for (const each of [sum, rotated]) each.delete();
      sum = next;
    }
    return sum;
  }

  decrypt(reply: Value): Float64Array {
    const plain = this.#decryptor.decrypt(reply);
    const values = this.#encoder.decode(plain);
    plain.delete();
    return values.map((value) => value + this.#intercept);
  }

  /** Scores of as many rows as there are slots: one ciphertext for each feature. */
  batch(columns: readonly Float64Array[]): Float64Array {
    let sum: Value | undefined;
    columns.forEach((column, feature) => {
      const query = this.encrypt(column);
      const weights = new Float64Array(slots).fill(this.#coef[feature]!);
      const plain = this.#encoder.encode(weights, scale);
      const product = this.#evaluator.multiplyPlain(query, plain);
      for (const each of [query, plain]) each.delete();
      if (sum === undefined) {
        sum = product;
        return;
      }
      const next = this.#evaluator.add(sum, product);
      for (const each of [sum, product]) each.delete();
      sum = next;
    });
    const scores = this.decrypt(sum!);
    sum!.delete();
    return scores;
  }
}

async function logisticRegression(seal: Seal): Promise<Figures> {
  const { XTrain, yTrain, XTest, yTest } = splitBreastCancer();
  const { coef, intercept } = new LogisticRegression().fit(XTrain, yTrain).fitted;
  const { ms: keygen, value: model } = await timed(
    () => new LinearModel(seal, coef[0]!, intercept[0]!),
  );
  const score = (row: readonly number[]): number => {
    const query = model.encrypt(Float64Array.from(row));
    const reply = model.run(query);
    const [value] = model.decrypt(reply);
    for (const each of [query, reply]) each.delete();
    return value!;
  };
  const right = XTest.filter((row, i) => Number(score(row) > 0) === yTest[i]).length;
  const query = model.encrypt(Float64Array.from(XTest[0]!));
  const reply = model.run(query);
  const columns = coef[0]!.map((_, feature) =>
    Float64Array.from({ length: slots }, (_, row) => XTest[row % XTest.length]![feature]!),
  );
  const batchMs = await medianMs(() => model.batch(columns), 5);
  return {
    accuracy: right / XTest.length,
    'keygen ms': keygen,
    'predict ms': await medianMs(() => score(XTest[0]!), 31),
    'rows/s': (1e3 * slots) / batchMs,
    'encrypt ms': await medianMs(() => model.encrypt(Float64Array.from(XTest[0]!)).delete(), 31),
    'run ms': await medianMs(() => model.run(query).delete(), 31),
    'decrypt ms': await medianMs(() => model.decrypt(reply), 31),
    'query KB': query.saveArray().length / 1e3,
    'reply KB': reply.saveArray().length / 1e3,
    'evaluation key MB': model.galoisKeys.saveArray().length / 1e6,
  };
}

const cases: Record<string, (seal: Seal) => Promise<Figures>> = {
  'logistic-regression-seal': logisticRegression,
};

const [, , name, folder] = process.argv as [string, string, string, string];
const load = createRequire(join(resolve(folder), 'package.json'))('node-seal');
const seal: Seal = await (load as () => Promise<Seal>)();
console.log(JSON.stringify(await cases[name]!(seal)));
