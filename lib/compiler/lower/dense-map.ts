/** A map from numbers that begin at 0 and leave out few, as a list without holes: for what is asked very often. */
export class DenseMap<T> {
  readonly #items: (T | undefined)[] = [];

  get(number: number): T | undefined {
    return this.#items[number];
  }

  set(number: number, item: T): void {
    while (this.#items.length <= number) this.#items.push(undefined);
    this.#items[number] = item;
  }
}
