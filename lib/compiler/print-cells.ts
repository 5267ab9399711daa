/** Cells as text. */
import type { Cells, Form } from './cells.ts';

/** The cells as text, one a line; the oracle of the tests. */
export function printCells(cells: Cells): string {
  const text = (form: Form): string => {
    const terms = form.terms.map(([cell, c]) => (c === 1 ? `c${cell}` : `${c}*c${cell}`));
    if (form.constant !== 0 || terms.length === 0) terms.push(String(form.constant));
    return terms.join(' + ').replaceAll('+ -', '- ');
  };
  const lines = cells.cells.map((cell, id) => {
    const range = `# [${cell.min}, ${cell.max}]`;
    switch (cell.kind) {
      case 'input':
        return `c${id} = ${cell.clear ? 'clear ' : ''}input ${cell.input}  ${range}`;
      case 'carried':
        return `c${id} = carried ${cell.input}  ${range}`;
      case 'table': {
        const shown = [...cell.values.subarray(0, 16)].join(', ');
        return `c${id} = [${shown}${cell.values.length > 16 ? ', …' : ''}][${text(cell.index)}]  ${range}`;
      }
      case 'where':
        return `c${id} = ${text(cell.condition)} ? ${text(cell.then)} : ${text(cell.otherwise)}  ${range}`;
      case 'alternatives':
        return `c${id} = one of ${cell.forms.map((form) => text(form())).join(' | ')}  ${range}`;
      case 'bit':
        return `c${id} = bit ${cell.position} of ${text(cell.form)}  ${range}`;
      case 'bits':
        return `c${id} = bits of ${text(cell.form)}  ${range}`;
      default:
        return cell satisfies never;
    }
  });
  const outputs = cells.outputs.map(
    (output) => `return [${output.shape}] ${output.forms.map(text).join('; ')}`,
  );
  return [...lines, ...outputs].join('\n');
}
