import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENT = join(import.meta.dirname, '../../docs/authorization.md');

/** One line of the table of who may do what. */
export interface DocumentedAsk {
  /** `GET /v1/proposals/{proposal_id}` */
  readonly request: string;
  readonly asks: string;
  /** By the head of the column: a role, a kind of token, or what stands in their place. */
  readonly cells: Readonly<Record<string, string>>;
}

export function documentedAuthorization(): DocumentedAsk[] {
  const lines = readFileSync(DOCUMENT, 'utf8').split('\n').map(cellsOf);
  const at = lines.findIndex(([first]) => first === 'request');
  const [, , ...columns] = lines[at] ?? [];
  const end = lines.findIndex((cells, place) => place > at && cells.length === 0);
  return lines.slice(at + 2, end).map(([request = '', asks = '', ...cells]) => ({
    request,
    asks,
    cells: Object.fromEntries(columns.map((column, place) => [column, cells[place] ?? ''])),
  }));
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim().replaceAll('`', ''));
}
