/** Types of the part of `ml-regression` that Blindfit uses; the package has none of its own. */
declare module 'ml-regression' {
  /** The median of the slopes of all pairs of points (Theil–Sen): robust against outliers. */
  export class TheilSenRegression {
    readonly slope: number;
    readonly intercept: number;
    constructor(x: readonly number[], y: readonly number[]);
  }

  /** The polynomial of a degree with the least sum of squared errors. */
  export class PolynomialRegression {
    /** By power, from 0. */
    readonly coefficients: readonly number[];
    constructor(x: readonly number[], y: readonly number[], degree: number);
  }
}
