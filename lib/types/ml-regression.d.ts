/** Types of the parts of `ml-regression` that Blindfit uses; the package has none of its own. */
declare module 'ml-regression' {
  interface RegressionScore {
    r: number;
    r2: number;
    chi2: number;
    rmsd: number;
  }

  /** y = slope * x + intercept, by ordinary least squares. */
  export class SimpleLinearRegression {
    readonly slope: number;
    readonly intercept: number;
    constructor(x: readonly number[], y: readonly number[]);
    predict(x: number): number;
    predict(x: readonly number[]): number[];
    score(x: readonly number[], y: readonly number[]): RegressionScore;
  }

  /** y = X W + b, by ordinary least squares; `weights` has the shape (features + 1, outputs), the intercept last. */
  export class MultivariateLinearRegression {
    readonly inputs: number;
    readonly outputs: number;
    readonly intercept: boolean;
    readonly weights: number[][];
    constructor(
      x: readonly (readonly number[])[],
      y: readonly (readonly number[])[],
      options?: { intercept?: boolean; statistics?: boolean },
    );
    predict(x: readonly number[]): number[];
    predict(x: readonly (readonly number[])[]): number[][];
  }

  /** y = sum of coefficients[i] * x^powers[i]. */
  export class PolynomialRegression {
    readonly powers: number[];
    readonly coefficients: number[];
    constructor(x: readonly number[], y: readonly number[], degree: number | readonly number[]);
    predict(x: number): number;
    predict(x: readonly number[]): number[];
  }

  /** Kernel ridge regression; `lambda` is the ridge. */
  export class KernelRidgeRegression {
    readonly alpha: import('ml-matrix').Matrix;
    constructor(
      x: readonly (readonly number[])[],
      y: readonly (readonly number[])[],
      options?: {
        lambda?: number;
        kernelType?: string;
        kernelOptions?: Readonly<Record<string, number>>;
      },
    );
    predict(x: readonly (readonly number[])[]): number[][];
  }

  /** The median of the slopes of all pairs of points (Theil–Sen): robust against outliers. */
  export class TheilSenRegression {
    readonly slope: number;
    readonly intercept: number;
    constructor(x: readonly number[], y: readonly number[]);
    predict(x: number): number;
    predict(x: readonly number[]): number[];
  }
}
