/** One report of long work: `done` of `total` steps of the named `stage`. `0 <= done <= total`, `total >= 1`. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** Called as long work advances, on the JavaScript thread; the last call of a stage has `done === total`. */
export type OnProgress = (progress: Progress) => void;
