import { limitNames, namedLimits } from '@countersign/protocol/limits';
import { markdownTable } from './markdown-table.ts';

/** Every limit that a project has, and what it is where the installation says nothing. */
export function limitsTable(): string {
  const rows = limitNames.map((name) => {
    const { counts, most, window } = namedLimits[name];
    return [`\`${name}\``, counts, `${most.toLocaleString('en')}${window === null ? '' : ` a ${window}`}`];
  });
  return markdownTable(['limit', 'counts', 'usual'], rows);
}
