import { printable } from '@countersign/client/printable';
import { facts } from '../output/table.ts';
import type { Bundle, Part } from './gather-bundle.ts';

/** What stands in a bundle, part by part. */
export function bundleText(path: string, { parts }: Bundle): string {
  return [
    `${printable(path)} holds ids, counts, times and words of closed lists\n`,
    facts(Object.entries(parts).map(([name, part]) => [name, partText(part)])),
    'read it before you give it away\n',
  ].join('');
}

function partText(part: Part): string {
  if (!part.ok) return `left out: ${part.error_code}`;
  return Array.isArray(part.data) ? `${part.data.length}` : 'one document';
}
