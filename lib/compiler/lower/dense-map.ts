/** A map from numbers that begin at 0, as a list: for what is asked very often. */
export class DenseMap<T> {
  readonly #items: (T | undefined)[] = [];

  get(number: number): T | undefined {
    return this.#items[number];
  }

  set(number: number, item: T): void {
    if (number > this.#items.length) this.#items.length = 2 * number;
    this.#items[number] = item;
  }
}

/** The same of numbers from 0 on: without objects that the garbage collector would have to look at. */
export class DenseNumbers {
  /** Each item plus 1; 0 where there is none. */
  #items = new Int32Array(1024);

  get(number: number): number | undefined {
    const item = number < this.#items.length ? (this.#items[number] as number) : 0;
    return item === 0 ? undefined : item - 1;
  }

  set(number: number, item: number): void {
    if (number >= this.#items.length) {
      const longer = new Int32Array(2 * (number + 1));
      longer.set(this.#items);
      this.#items = longer;
    }
    this.#items[number] = item + 1;
  }
}
