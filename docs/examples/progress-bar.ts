import { styleText } from 'node:util';
import type { OnProgress } from 'blindfit';

/** Draws progress in one line of the terminal; draws nothing where the output is no terminal. */
export function progressBar(title: string): OnProgress {
  const { stderr } = process;
  const width = 30;
  return ({ stage, done, total }) => {
    if (!stderr.isTTY) return;
    const filled = Math.round((width * done) / total);
    const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
    stderr.write(`\r\u001b[K${title} ${styleText('cyan', bar)} ${stage}`);
    if ((stage === 'decrypt' || stage === 'rows') && done === total) stderr.write('\r\u001b[K');
  };
}
