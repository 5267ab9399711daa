/**
 * Functions of real numbers. Their results are floats: fine inside a circuit, to be rounded before they leave it.
 * Outside their domain they give NaN, as numpy does; that throws NOT_FINITE where it is made an integer.
 */
import { applyMap, type Operand, type Result } from '../record.ts';
import { distanceToNext } from './float-pairs.ts';

/** Square root. */
export const sqrt: Unary = unary('sqrt', Math.sqrt);
/** Cube root. */
export const cbrt: Unary = unary('cbrt', Math.cbrt);
/** 1 / x */
export const reciprocal: Unary = unary('reciprocal', (x) => 1 / x);
/** e to the power x. */
export const exp: Unary = unary('exp', Math.exp);
/** 2 to the power x. */
export const exp2: Unary = unary('exp2', (x) => 2 ** x);
/** e to the power x, minus 1. */
export const expm1: Unary = unary('expm1', Math.expm1);
/** Natural logarithm. */
export const log: Unary = unary('log', Math.log);
/** Logarithm to base 2. */
export const log2: Unary = unary('log2', Math.log2);
/** Logarithm to base 10. */
export const log10: Unary = unary('log10', Math.log10);
/** Natural logarithm of 1 + x. */
export const log1p: Unary = unary('log1p', Math.log1p);
/** Sine of x in radians. */
export const sin: Unary = unary('sin', Math.sin);
/** Cosine of x in radians. */
export const cos: Unary = unary('cos', Math.cos);
/** Tangent of x in radians. */
export const tan: Unary = unary('tan', Math.tan);
/** Inverse sine, in radians. */
export const arcsin: Unary = unary('arcsin', Math.asin);
/** Inverse cosine, in radians. */
export const arccos: Unary = unary('arccos', Math.acos);
/** Inverse tangent, in radians. */
export const arctan: Unary = unary('arctan', Math.atan);
/** Hyperbolic sine. */
export const sinh: Unary = unary('sinh', Math.sinh);
/** Hyperbolic cosine. */
export const cosh: Unary = unary('cosh', Math.cosh);
/** Hyperbolic tangent. */
export const tanh: Unary = unary('tanh', Math.tanh);
/** Inverse hyperbolic sine. */
export const arcsinh: Unary = unary('arcsinh', Math.asinh);
/** Inverse hyperbolic cosine. */
export const arccosh: Unary = unary('arccosh', Math.acosh);
/** Inverse hyperbolic tangent. */
export const arctanh: Unary = unary('arctanh', Math.atanh);

/** Radians as degrees. */
export const degrees: Unary = unary('degrees', (x) => x * (180 / Math.PI));
/** `degrees` under numpy's other name. */
export const rad2deg: Unary = degrees;
/** Degrees as radians. */
export const radians: Unary = unary('radians', (x) => x * (Math.PI / 180));
/** `radians` under numpy's other name. */
export const deg2rad: Unary = radians;
/** The distance from x to the next double away from 0, with the sign of x. */
export const spacing: Unary = unary('spacing', distanceToNext);

/** An element-wise function of one array. */
export type Unary = <X extends Operand>(x: X) => Result<X>;

function unary(name: string, f: (x: number) => number): Unary {
  return <X extends Operand>(x: X) => applyMap(name, [x], f, 'float') as Result<X>;
}
