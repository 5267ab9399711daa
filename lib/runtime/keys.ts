/**
 * Keys. The client's secret key encrypts and decrypts; the server's evaluation key computes and reveals nothing. They are
 * two types that do not fit each other, so that code that serves cannot be given a secret.
 */
import { error } from '../errors.ts';
import type { LoadedProgram } from './load.ts';
import { attempt, attemptAsync, type NativeEvaluationKey, type NativeSecretKey } from './native.ts';

/** The native key behind a key, for the other files of this folder. Throws DISPOSED. */
export let secretHandle: (key: SecretKey) => NativeSecretKey;
/** The native key behind a key, for the other files of this folder. Throws DISPOSED. */
export let evaluationHandle: (key: EvaluationKey) => NativeEvaluationKey;
let adoptEvaluationKey: (native: NativeEvaluationKey) => EvaluationKey;

/** Both keys of one client. Disposing of them disposes of both. */
export interface Keys extends Disposable {
  readonly secret: SecretKey;
  readonly evaluation: EvaluationKey;
}

/**
 * The client's secret key, in native memory that is wiped when the key is disposed of or collected.
 * It fits every program with the same parameters.
 */
export class SecretKey implements Disposable {
  readonly #loaded: LoadedProgram;
  #native: NativeSecretKey | undefined;

  private constructor(loaded: LoadedProgram, native: NativeSecretKey) {
    this.#loaded = loaded;
    this.#native = native;
  }

  /** Makes a fresh key from the operating system's randomness. Rejects with RANDOMNESS_UNAVAILABLE. */
  static async generate(loaded: LoadedProgram): Promise<SecretKey> {
    const made = attemptAsync((addon) => addon.NativeSecretKey.generate(loaded.native));
    return new SecretKey(loaded, await made);
  }

  /** Reads a key. Throws BAD_KEY, and WRONG_KEY for a key of other parameters than the program's. */
  static fromBytes(loaded: LoadedProgram, bytes: Uint8Array): SecretKey {
    const read = attempt((addon) => addon.NativeSecretKey.fromBytes(loaded.native, bytes));
    return new SecretKey(loaded, read);
  }

  /** The key as bytes, a few hundred. Whoever has them reads everything that the key encrypts. */
  toBytes(): Uint8Array {
    const native = secretHandle(this);
    return attempt(() => native.toBytes(this.#loaded.native));
  }

  /** Makes the evaluation key that belongs to this key, off the JavaScript thread. */
  async evaluationKey(): Promise<EvaluationKey> {
    const native = secretHandle(this);
    return adoptEvaluationKey(await attemptAsync(() => native.evaluationKey(this.#loaded.native)));
  }

  /** Frees the key. Any later use throws DISPOSED. */
  [Symbol.dispose](): void {
    this.#native?.release();
    this.#native = undefined;
  }

  static {
    secretHandle = (key) => open(key.#native, 'secret key');
  }
}

/** The server's key, in native memory. It fits every program with the same parameters. */
export class EvaluationKey implements Disposable {
  #native: NativeEvaluationKey | undefined;

  private constructor(native: NativeEvaluationKey) {
    this.#native = native;
  }

  /** Reads a key. Rejects with BAD_KEY, and WRONG_KEY for a key of other parameters than the program's. */
  static async fromBytes(loaded: LoadedProgram, bytes: Uint8Array): Promise<EvaluationKey> {
    const read = attemptAsync((addon) => addon.NativeEvaluationKey.fromBytes(loaded.native, bytes));
    return new EvaluationKey(await read);
  }

  /** The key as bytes, in the seeded form that is half as large as the key at work. */
  async toBytes(): Promise<Uint8Array> {
    const native = evaluationHandle(this);
    return attemptAsync(() => native.toBytes());
  }

  /** Frees the key; runs under way finish. Any later use throws DISPOSED. */
  [Symbol.dispose](): void {
    this.#native?.release();
    this.#native = undefined;
  }

  static {
    evaluationHandle = (key) => open(key.#native, 'evaluation key');
    adoptEvaluationKey = (native) => new EvaluationKey(native);
  }
}

/** Makes the keys of a new client, off the JavaScript thread. */
export async function generateKeys(loaded: LoadedProgram): Promise<Keys> {
  const secret = await SecretKey.generate(loaded);
  const evaluation = await secret.evaluationKey();
  return {
    secret,
    evaluation,
    [Symbol.dispose]() {
      secret[Symbol.dispose]();
      evaluation[Symbol.dispose]();
    },
  };
}

function open<T>(native: T | undefined, what: string): T {
  if (native === undefined) throw error('DISPOSED', { what });
  return native;
}
