/**
 * Every error of Blindfit, in one table. Append a code here; nowhere else is a message written.
 *
 * This file imports nothing, so that the tracer and a browser client may use it.
 */

/**
 * What an error is about. A message is made of these parts in this order: what was given, what is allowed, what to do.
 * Further fields are kept on `BlindfitError.details` for programs to read.
 */
export interface ErrorDetails {
  /** Name of the thing at fault: an argument, an option, a node, an estimator. */
  readonly what?: string | undefined;
  /** The value at fault, or its shape, type, or size. */
  readonly given?: unknown;
  /** What would have been accepted. */
  readonly allowed?: unknown;
  /** What the user can do, as a clause: `lower nBits or raise pError`. */
  readonly remedy?: string | undefined;
  /** Where in the user's own program it happened. */
  readonly location?:
    | { readonly file: string; readonly line: number; readonly column: number }
    | undefined;
  /** A printed graph with the guilty node underlined; it ends the message. */
  readonly graph?: string | undefined;
  readonly [key: string]: unknown;
}

/** One entry per code: what is wrong, and what to do unless `details.remedy` says better. */
export const errors = {
  SHAPE_MISMATCH: ['the shapes do not fit', 'give values of the allowed shape'],
  NOT_AN_INTEGER: ['a value is not an integer', 'round or quantize it first'],
  NOT_FINITE: ['a value is not finite', 'remove or impute NaN and infinite values first'],
  OUT_OF_RANGE: ['a value is out of range', 'give a value inside the range, or widen it'],
  NOT_FITTED: ['the estimator is not fitted', 'call fit(X, y) first'],
  NOT_COMPILED: ['there is no compiled circuit', 'call compile() first'],
  WRONG_KEY: ['the key does not belong here', 'use the keys made for this program'],
  WRONG_PROGRAM: ['this was made for another program', 'use one program on both sides'],
  BAD_PROGRAM: ['the program is not valid', 'compile it again with this version'],
  BAD_KEY: ['the key cannot be read', 'transfer it again, or make new keys'],
  BAD_CIPHERTEXT: ['the ciphertext cannot be read', 'transfer or encrypt it again'],
  CANCELLED: ['the work was cancelled', 'start it again if this was not wanted'],
  DECRYPTION_FAILED: ['decryption failed', 'check that key and reply belong together'],
  RANDOMNESS_UNAVAILABLE: [
    'the operating system gives no randomness',
    'run where the system random source can be read',
  ],
  INTERNAL: ['internal: an invariant does not hold', 'please report this with the program'],
  NATIVE_MISSING: ['the native runtime does not load', 'run `node lib/native/build.mjs`'],
  DISPOSED: ['this was used after it was disposed', 'dispose of it only after its last use'],
  UNSUPPORTED: ['this is not supported', 'rewrite it with a supported operation'],
  BAD_OPTION: ['an option is not valid', 'give one of the allowed values'],
  BAD_ARRAY: ['this is not an array of numbers', 'give equally long nested arrays of numbers'],
  INDEX_OUT_OF_RANGE: ['an index is out of range', 'give an index inside the array'],
  LOOKUP_TOO_WIDE: ['a function of too many bits for a lookup', 'narrow its operand'],
  NO_PARAMETERS: ['no secure parameters keep the promised error', 'narrow values or raise pError'],
  TABLE_TOO_LARGE: ['a table has too many entries', 'narrow the operands first'],
  OVERFLOW_2_53: ['an integer result exceeds 2^53', 'use smaller inputs, weights or sums'],
  BRANCH_ON_ENCRYPTED: [
    'a traced value has no value yet, so the program cannot branch on it or read it',
    'use np.where, np.map or a LookupTable, which compute on it',
  ],
  FOREIGN_VALUE: [
    'a traced value was used outside the function that it belongs to',
    'use it only inside the traced function, and pass anything else as an input',
  ],
  BAD_OUTPUT: [
    'a traced function must return integers',
    'return a traced integer, a number or an array, or a list of them',
  ],
  FUNCTION_FAILED: [
    'a function given to map threw an error',
    'make it return a number for each value that it can meet',
  ],
  BAD_GRAPH: ['internal: the graph is not valid', 'please report this with the graph'],
  BAD_LABELS: ['the labels do not fit', 'give finite numbers or texts of two classes or more'],
  BAD_JSON: ['the JSON is not of this kind', 'give what toJSON() of the same class returned'],
  QUANTIZATION_LOSS: [
    'the integers predict less well than the coefficients',
    'raise nBits, remove features that repeat others, or use a penalty',
  ],
  NOT_CONVERGED: ['the fit has not converged', 'scale the features, or raise maxIter or tol'],
  DIVERGED: ['the training diverged', 'lower learningRateInit, or scale the features'],
  CONSTANT_RESULT: [
    'the results are constants: they depend on no input',
    'if that is not meant, write np.where(np.equal(x, 3), a, b) for x === 3 ? a : b, which JavaScript decides at once',
  ],
  KEY_TOO_LARGE: [
    'every way to compute this needs a larger evaluation key than is allowed',
    'raise maxKeyBytes or pError, or narrow what is looked up',
  ],
  BAD_MODEL: ['the model file is not valid', 'export the model again'],
  UNSUPPORTED_OPERATOR: [
    'the model has operators that are not supported',
    'replace them before the export, or cut the model before them',
  ],
  BAD_NETWORK: ['the network is not valid', 'export the model again, or correct the layer'],
  NOT_QUANTIZED: [
    'the network has no integers for encryption',
    'call quantize(model, X) with a sample of rows, or train it quantization-aware',
  ],
} as const;

/** The stable name of a failure; programs compare this, never the message. */
export type ErrorCode = keyof typeof errors;

/** The one error class of the library: a stable `code`, a readable `message`, and `details` as data. */
export class BlindfitError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown) {
    super(message(code, details), cause === undefined ? undefined : { cause });
    this.name = 'BlindfitError';
    this.code = code;
    this.details = details;
  }
}

/** Makes the error of a code, to be thrown: `throw error('NOT_FITTED', { what: 'Ridge' })`. */
export function error(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown): BlindfitError {
  return new BlindfitError(code, details, cause);
}

/** The same error with a place, a printed graph too where one is given; as it is, where it has a place already. */
export function placed(
  cause: BlindfitError,
  place: Pick<ErrorDetails, 'location' | 'graph'>,
): BlindfitError {
  if (cause.details.location || !place.location) return cause;
  return error(cause.code, { ...cause.details, ...place }, cause.cause);
}

/** Tells whether a text is a code of the table, as when an error of the native runtime arrives. */
export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(errors, text);
}

/** `<what>: <problem>: given <given>; allowed: <allowed>; <remedy> (file:line:column)` and then the graph. */
function message(code: ErrorCode, details: ErrorDetails): string {
  const [problem, remedy] = errors[code];
  const { what, given, allowed, location, graph } = details;
  let text: string = what === undefined ? problem : `${what}: ${problem}`;
  if ('given' in details) text += `: given ${show(given)}`;
  if (allowed !== undefined) text += `; allowed: ${show(allowed)}`;
  text += `; ${details.remedy ?? remedy}`;
  if (location) text += ` (${location.file}:${location.line}:${location.column})`;
  return graph === undefined ? text : `${text}\n\n${graph}`;
}

/** A value in at most about 100 characters. */
function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const { length } = value as ArrayLike<unknown>;
    const shown = Array.from(Array.prototype.slice.call(value, 0, 12), show).join(', ');
    return length > 12 ? `[${shown}, … ${length} in all]` : `[${shown}]`;
  }
  if (typeof value === 'object' && value !== null) return shorten(describe(value));
  return String(value);
}

function describe(object: object): string {
  try {
    return JSON.stringify(object) ?? String(object);
  } catch {
    return 'toString' in object ? object.toString() : 'an object';
  }
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
