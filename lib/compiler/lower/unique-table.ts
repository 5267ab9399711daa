/**
 * The unique table of decision diagrams (Brace, Rudell and Bryant 1990): triples of integers under numbers from 0 on, equal
 * triples under one. Columns and slots are typed arrays with open addressing, since compilers ask it a million times.
 */
export class UniqueTable {
  #first = new Int32Array(1024);
  #second = new Int32Array(1024);
  #third = new Int32Array(1024);
  /** By hash: one more than the number of a triple, 0 where there is none. */
  #slots = new Int32Array(2048);
  #size = 0;

  /** How many triples there are. */
  get size(): number {
    return this.#size;
  }

  first(number: number): number {
    return this.#first[number] as number;
  }

  second(number: number): number {
    return this.#second[number] as number;
  }

  third(number: number): number {
    return this.#third[number] as number;
  }

  /** The number of a triple, a new one where it has none; -1 where that would be `limit` or more. */
  numberOf(first: number, second: number, third: number, limit: number): number {
    const slot = this.#slotOf(first, second, third);
    const known = (this.#slots[slot] as number) - 1;
    if (known >= 0) return known;
    const number = this.#size;
    if (number >= limit) return -1;
    this.#first[number] = first;
    this.#second[number] = second;
    this.#third[number] = third;
    this.#slots[slot] = number + 1;
    this.#size++;
    if (this.#size === this.#first.length) this.#grow();
    return number;
  }

  /** Forgets the triples from number `size` on, which nothing refers to: the last first, so that no probe passed by its slot. */
  truncate(size: number): void {
    while (this.#size > size) {
      const number = --this.#size;
      const slot = this.#slotOf(this.first(number), this.second(number), this.third(number));
      this.#slots[slot] = 0;
    }
  }

  /** The slot that has a triple, or the free one where it belongs. */
  #slotOf(first: number, second: number, third: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ Math.imul(third, 0xc2b2ae35), 0x27d4eb2f);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const number = (this.#slots[slot] as number) - 1;
      if (
        number < 0 ||
        (this.#second[number] === second &&
          this.#third[number] === third &&
          this.#first[number] === first)
      )
        return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const size = 2 * this.#first.length;
    this.#first = longer(this.#first, size);
    this.#second = longer(this.#second, size);
    this.#third = longer(this.#third, size);
    this.#slots = new Int32Array(2 * size);
    for (let number = 0; number < this.#size; number++)
      this.#slots[this.#slotOf(this.first(number), this.second(number), this.third(number))] =
        number + 1;
  }
}

function longer(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(size);
  copy.set(array);
  return copy;
}
