import type { Scalar } from '@countersign/protocol/values';
import { toldInteger } from '../told-value.ts';
import { type ColumnType, isInteger, isTruth, isUuidBytes } from './column-type.ts';

/** Types whose values the server writes as text that means them exactly; all others are bytes. */
const WRITTEN: ReadonlySet<string> = new Set([
  ...['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'json', 'enum', 'set'],
  ...['decimal', 'float', 'double', 'date', 'time', 'datetime', 'timestamp'],
  ...['uuid', 'inet4', 'inet6'],
]);

/** @param column the column as SQL */
export function shownSql(column: string, type: ColumnType): string {
  if (type.name === 'bit') return `CAST(${column} + 0 AS CHAR)`;
  return isNumber(type) || WRITTEN.has(type.name) ? column : `HEX(${column})`;
}

/**
 * A value as it is told, of what `shownSql` gives: truths and integers as such, bytes as hexadecimal digits, sixteen of
 * them as a UUID, as they are written too; everything else as the server writes it.
 */
export function shownValue(type: ColumnType, text: string | null): Scalar {
  if (text === null) return null;
  if (isTruth(type) && (text === '0' || text === '1')) return text === '1';
  if (isNumber(type)) return toldInteger(text);
  if (WRITTEN.has(type.name)) return text;
  return isUuidBytes(type) ? uuidText(text) : `0x${text}`;
}

function isNumber(type: ColumnType): boolean {
  return isInteger(type) || type.name === 'year' || type.name === 'bit';
}

function uuidText(digits: string): string {
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
