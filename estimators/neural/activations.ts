/**
 * The element-wise functions that networks may have, by the names that `ActivationLayer` gives them.
 */
import { roundHalfEven } from '../quantize/rounding.ts';
import { erf } from './erf.ts';

/** A function of one element; `parameters` follow it in their order. */
export interface Activation {
  /** Names of the parameters. */
  readonly parameters: readonly string[];
  readonly function: (x: number, ...parameters: number[]) => number;
  /** Whether it never falls, with such parameters: a maximum may then be taken before it or after it. */
  readonly rises: (...parameters: number[]) => boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
/** Of functions that rise where their first parameter is not negative. */
const upwards = (alpha: number | undefined): boolean => alpha! >= 0;

function of(f: (x: number) => number): Activation {
  return { parameters: [], function: f, rises: never };
}

function rising(f: (x: number) => number): Activation {
  return { parameters: [], function: f, rises: always };
}

function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function relu(x: number): number {
  return Math.max(x, 0);
}

function clip(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/** 1.0507..., 1.6732...: the constants for which mean 0 and variance 1 stay (Klambauer et al., 2017). */
const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

/** Every function by its name. Parameters without a default: whoever reads a file knows that of its format. */
export const activations: Readonly<Record<string, Activation>> = {
  identity: rising((x) => x),
  relu: rising(relu),
  leakyRelu: {
    parameters: ['alpha'],
    function: (x, alpha) => (x >= 0 ? x : alpha! * x),
    rises: upwards,
  },
  thresholdedRelu: {
    parameters: ['alpha'],
    function: (x, alpha) => (x > alpha! ? x : 0),
    rises: upwards,
  },
  elu: {
    parameters: ['alpha'],
    function: (x, alpha) => (x >= 0 ? x : alpha! * Math.expm1(x)),
    rises: upwards,
  },
  celu: {
    parameters: ['alpha'],
    function: (x, alpha) => Math.max(x, 0) + Math.min(0, alpha! * Math.expm1(x / alpha!)),
    rises: (alpha) => alpha! > 0,
  },
  selu: {
    parameters: ['alpha', 'gamma'],
    function: (x, alpha = seluAlpha, gamma = seluScale) =>
      gamma * (x > 0 ? x : alpha * Math.expm1(x)),
    rises: (alpha = 0, gamma = 0) => alpha >= 0 && gamma >= 0,
  },
  gelu: of((x) => (x / 2) * (1 + erf(x / Math.SQRT2))),
  geluTanh: of(
    (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
  ),
  sigmoid: rising(sigmoid),
  hardSigmoid: {
    parameters: ['alpha', 'beta'],
    function: (x, alpha, beta) => clip(alpha! * x + beta!, 0, 1),
    rises: upwards,
  },
  tanh: rising(Math.tanh),
  hardTanh: {
    parameters: ['min', 'max'],
    function: (x, min, max) => clip(x, min!, max!),
    rises: always,
  },
  relu6: rising((x) => clip(x, 0, 6)),
  clip: {
    parameters: ['min', 'max'],
    function: (x, min, max) => clip(x, min!, max!),
    rises: always,
  },
  softplus: rising(softplus),
  softsign: rising((x) => x / (1 + Math.abs(x))),
  silu: of((x) => x * sigmoid(x)),
  swish: {
    parameters: ['beta'],
    function: (x, beta) => x * sigmoid(beta! * x),
    rises: never,
  },
  hardSwish: of((x) => x * clip(x / 6 + 0.5, 0, 1)),
  mish: of((x) => x * Math.tanh(softplus(x))),
  logSigmoid: rising((x) => -softplus(-x)),
  shrink: {
    parameters: ['lambda', 'bias'],
    function: (x, lambda, bias) => (x < -lambda! ? x + bias! : x > lambda! ? x - bias! : 0),
    rises: never,
  },
  sign: rising(Math.sign),
  /** 1 from 0 on. */
  step: rising((x) => (x >= 0 ? 1 : 0)),
  abs: of(Math.abs),
  neg: of((x) => -x),
  floor: rising(Math.floor),
  ceil: rising(Math.ceil),
  /** Halves to even, as ONNX and numpy round. */
  round: rising(roundHalfEven),
  reciprocal: of((x) => 1 / x),
  sqrt: rising(Math.sqrt),
  rsqrt: of((x) => 1 / Math.sqrt(x)),
  square: of((x) => x * x),
  power: {
    parameters: ['exponent'],
    function: (x, exponent) => x ** exponent!,
    rises: never,
  },
  exp: rising(Math.exp),
  expm1: rising(Math.expm1),
  log: rising(Math.log),
  log1p: rising(Math.log1p),
  /** Not to the last bit. */
  erf: of(erf),
  sin: of(Math.sin),
  cos: of(Math.cos),
  tan: of(Math.tan),
  asin: rising(Math.asin),
  acos: of(Math.acos),
  atan: rising(Math.atan),
  sinh: rising(Math.sinh),
  cosh: of(Math.cosh),
  asinh: rising(Math.asinh),
  acosh: rising(Math.acosh),
  atanh: rising(Math.atanh),
  equal: {
    parameters: ['other'],
    function: (x, other) => Number(x === other),
    rises: never,
  },
  greater: {
    parameters: ['other'],
    function: (x, other) => Number(x > other!),
    rises: always,
  },
  greaterOrEqual: {
    parameters: ['other'],
    function: (x, other) => Number(x >= other!),
    rises: always,
  },
  less: {
    parameters: ['other'],
    function: (x, other) => Number(x < other!),
    rises: never,
  },
  lessOrEqual: {
    parameters: ['other'],
    function: (x, other) => Number(x <= other!),
    rises: never,
  },
};
