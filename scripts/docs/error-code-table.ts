import { errorCodes } from '@countersign/protocol/error-codes';
import { markdownTable } from './markdown-table.ts';

/** Every code that the control plane answers with, by status. */
export function errorCodeTable(): string {
  const rows = Object.entries(errorCodes)
    .toSorted(([, a], [, b]) => a.status - b.status)
    .map(([code, { status, retryable, title }]) => [
      String(status),
      `\`${code}\``,
      title,
      retryable ? 'yes' : 'no',
    ]);
  return markdownTable(['status', '`error_code`', 'meaning', '`retryable`'], rows);
}
