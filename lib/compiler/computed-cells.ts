/** Which cells surely need a bootstrap, from what they are alone. */
import type { Cell, Form } from './cells.ts';

export class ComputedCells {
  /** By cell. Noted as cells are made: chains of them may be longer than recursion can follow. */
  readonly #computed: boolean[] = [];

  /** Takes note of the next cell, after those that it reads. */
  add(cell: Cell): void {
    this.#computed.push(this.#isComputed(cell));
  }

  /** Whether any term of a form is such a cell. */
  has({ terms }: Form): boolean {
    return terms.some(([id]) => this.#computed[id]);
  }

  #isComputed(cell: Cell): boolean {
    switch (cell.kind) {
      case 'input':
        return false;
      case 'carried':
      case 'bits':
        return true;
      case 'table':
        return cell.refresh === true || this.has(cell.index);
      case 'where':
        return [cell.condition, cell.then, cell.otherwise].some((form) => this.has(form));
      case 'alternatives':
        return cell.beside !== undefined;
      case 'bit':
        return cell.whole === undefined || this.has(cell.whole);
      default:
        return cell satisfies never;
    }
  }
}
