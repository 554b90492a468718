import { isDouble, isSingle, parseDecimal } from '../decimal-text.ts';
import { keepsNumbers } from './json-numbers.ts';
import { bytesLiteral, textLiteral } from './literals.ts';

/** What the catalog says of a column's type, as far as values of it are written or compared. */
export interface ColumnType {
  /** In lower case and without its size, such as `bigint`. */
  readonly name: string;
  /** As it is declared, such as `enum('a','b')` or `bigint unsigned`. */
  readonly declared: string;
  /** In characters; null where the type has no length. */
  readonly length: number | null;
  /** Decimal places of a number, or of the seconds of a time. */
  readonly scale: number | null;
  /** Whether the user may read the column; it need not, to write it. */
  readonly isReadable: boolean;
}

const INTEGERS: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);
const TEXTS: ReadonlySet<string> = new Set([
  'char',
  'varchar',
  'tinytext',
  'text',
  'mediumtext',
  'longtext',
  'uuid',
]);
const KEY_TEXTS: ReadonlySet<string> = new Set(['char', 'varchar', 'uuid']);
const COMPARED: ReadonlySet<string> = new Set([
  ...['decimal', 'date', 'enum', 'char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext'],
]);
const COMPARED_BY_VALUE: ReadonlySet<string> = new Set([
  ...['decimal', 'double', 'date', 'time', 'year', 'bit', 'uuid'],
]);
const TIMESTAMPS: ReadonlySet<string> = new Set(['datetime', 'timestamp']);

const INTEGER_TEXT = /^[+-]?\d{1,20}$/;
const DECIMAL_TEXT = /^[+-]?\d{1,65}(\.(\d{1,65}))?$/;
const FLOAT_TEXT = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
const DATE_TEXT = /^\d{4}-\d\d-\d\d$/;
const TIME_TEXT = /^-?\d{1,3}:\d\d(:\d\d(\.(\d{1,6}))?)?$/;
const TIMESTAMP_TEXT =
  /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:(Z)|([+-])(\d\d):?(\d\d)?)?$/;
const MOST_BYTES = 4;
/** More of a `float` are never shown. */
const SINGLE_DIGITS = 6;
/** Of a zone: nowhere are clocks further from UTC. */
const MOST_HOURS = 14;
const UUID_TEXT = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const TRUTH: ReadonlyMap<string, string> = new Map([
  ['true', '1'],
  ['false', '0'],
  ['1', '1'],
  ['0', '0'],
]);

/** Whether a row or a tenant can be named by a column of such a type: exactly, and by an index. */
export function canBeKey(type: ColumnType): boolean {
  return INTEGERS.has(type.name) || KEY_TEXTS.has(type.name) || isUuidBytes(type);
}

/** Whether values of such a type can be written so that they are kept exactly. */
export function canBeWritten(type: ColumnType): boolean {
  const known = ['decimal', 'float', 'double', 'date', 'time', 'year', 'json', 'enum', 'set'];
  return (
    INTEGERS.has(type.name) ||
    TEXTS.has(type.name) ||
    TIMESTAMPS.has(type.name) ||
    known.includes(type.name) ||
    isUuidBytes(type) ||
    type.declared === 'bit(1)'
  );
}

export function isInteger({ name }: ColumnType): boolean {
  return INTEGERS.has(name);
}

/** What a column that is declared as `boolean` is, and one of a single bit. */
export function isTruth({ declared }: ColumnType): boolean {
  return declared.startsWith('tinyint(1)') || declared === 'bit(1)';
}

/** `datetime` or `timestamp`, whatever its precision. */
export function isTimestamp({ name }: ColumnType): boolean {
  return TIMESTAMPS.has(name);
}

/** Sixteen bytes, which are written as the text of a UUID. */
export function isUuidBytes({ declared }: ColumnType): boolean {
  return declared === 'binary(16)';
}

/**
 * A value to be written, as SQL of its column's type. The server would take a great many texts for values that they
 * are not ('1abc' for 1, 1.5 for 2, '2' for the second of an enumeration), so only what is kept as it is goes through.
 *
 * @returns undefined for a text that the column cannot hold exactly
 */
export function valueSql(type: ColumnType, text: string | null): string | undefined {
  if (text === null) return 'NULL';
  if (INTEGERS.has(type.name)) return integerSql(type, text);
  if (TIMESTAMPS.has(type.name)) return timestampSql(text, type.scale ?? 0);
  if (TEXTS.has(type.name)) return fits(type, text) ? textLiteral(text) : undefined;
  if (isUuidBytes(type)) return uuidBytes(text);
  switch (type.name) {
    case 'decimal':
      return decimalSql(type, text);
    case 'float':
    case 'double':
      return isFloat(type, text) ? textLiteral(text) : undefined;
    case 'date':
      return DATE_TEXT.test(text) ? textLiteral(text) : undefined;
    case 'time':
      return isWithin(TIME_TEXT.exec(text)?.[3], TIME_TEXT.test(text), type.scale)
        ? textLiteral(text)
        : undefined;
    case 'year':
      return /^\d{4}$/.test(text) ? text : undefined;
    case 'json':
      return keepsNumbers(text) ? textLiteral(text) : undefined;
    case 'enum':
      return membersOf(type).has(text) ? textLiteral(text) : undefined;
    case 'set':
      return isSubset(text, membersOf(type)) ? textLiteral(text) : undefined;
    case 'bit':
      return type.declared === 'bit(1)' ? bitSql(text) : undefined;
    default:
      return undefined;
  }
}

/**
 * The condition that a column holds exactly a text. The index is used by the comparison in the column's own type;
 * where that takes more texts than one for the same (letters of either case, spaces at the end), their bytes are
 * compared too.
 *
 * @param column the column as SQL
 * @returns undefined for a text that no such column can hold
 */
export function equalsSql(column: string, type: ColumnType, text: string): string | undefined {
  if (INTEGERS.has(type.name)) {
    if (!INTEGER_TEXT.test(text)) return undefined;
    const number = String(BigInt(text));
    // By its digits too: were the column altered to text meanwhile, the number alone would also find `007` and `7 or so`.
    return /zerofill/.test(type.declared)
      ? `${column} = ${number}`
      : `${column} = ${number} AND ${sameBytes(column, number)}`;
  }
  if (isUuidBytes(type)) {
    const bytes = uuidBytes(text);
    return bytes === undefined ? undefined : `${column} = ${bytes}`;
  }
  if (!KEY_TEXTS.has(type.name)) return undefined;
  return `${column} = ${textLiteral(text)} AND ${sameBytes(column, text)}`;
}

/**
 * The condition that a column holds exactly what a text means: of numbers and moments the value, of everything else the
 * text as the server writes it, byte by byte.
 */
export function heldSql(column: string, type: ColumnType, text: string | null): string {
  if (text === null) return `${column} IS NULL`;
  const isValue =
    INTEGERS.has(type.name) ||
    TIMESTAMPS.has(type.name) ||
    COMPARED_BY_VALUE.has(type.name) ||
    isUuidBytes(type);
  if (!isValue) return sameBytes(column, text);
  const value = valueSql(type, text);
  return value === undefined ? 'FALSE' : `${column} = ${value}`;
}

function sameBytes(column: string, text: string): string {
  return `CAST(CONVERT(${column} USING utf8mb4) AS BINARY) = ${bytesLiteral(text)}`;
}

/** Whether a value as it is written compares as equal with what such a column then holds. */
export function isComparable({ isReadable, name }: ColumnType): boolean {
  return isReadable && (INTEGERS.has(name) || TIMESTAMPS.has(name) || COMPARED.has(name));
}

/** A moment in UTC as a literal with microseconds; undefined for a text that is none, or finer than so many places. */
export function timestampSql(text: string, places: number): string | undefined {
  const match = TIMESTAMP_TEXT.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = '', , sign, hours = '0', minutes = '0'] = match;
  if (!isWithin(fraction, true, places) || Number(hours) > MOST_HOURS || Number(minutes) > 59)
    return undefined;
  const local = Date.parse(`${date}T${time}Z`);
  // A day or an hour that there is not would come out as another one.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== `${date}T${time}`)
    return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)T(.{8})/.exec(new Date(local - offset).toISOString()) ?? [];
  // A year with fewer or more digits is none of the column's.
  if (day === undefined) return undefined;
  return `TIMESTAMP'${day} ${clock}.${fraction.padEnd(6, '0')}'`;
}

function integerSql(type: ColumnType, text: string): string | undefined {
  const number = isTruth(type) ? (TRUTH.get(text) ?? text) : text;
  return INTEGER_TEXT.test(number) ? String(BigInt(number)) : undefined;
}

function decimalSql(type: ColumnType, text: string): string | undefined {
  const match = DECIMAL_TEXT.exec(text);
  return match !== null && isWithin(match[2], true, type.scale) ? text : undefined;
}

/** A column that is declared with decimal places rounds to them; any is told in no more digits than it holds for certain. */
function isFloat({ name, scale }: ColumnType, text: string): boolean {
  if (scale === null) {
    const number = parseDecimal(text);
    if (number === undefined || !FLOAT_TEXT.test(text)) return false;
    return name === 'float' ? number.digits.length <= SINGLE_DIGITS && isSingle(text) : isDouble(text);
  }
  const match = DECIMAL_TEXT.exec(text);
  return match !== null && isWithin(match[2], true, scale);
}

/** Whether digits after the point are no more than there are places for, but for zeros. */
function isWithin(fraction: string | undefined, isForm: boolean, places: number | null): boolean {
  return isForm && (fraction ?? '').replace(/0+$/, '').length <= (places ?? 0);
}

/** What is longer is refused by the server, but for spaces at the end, which it would cut off without a word. */
function fits({ name, length }: ColumnType, text: string): boolean {
  if (name === 'uuid') return UUID_TEXT.test(text);
  if (name === 'char' && text.endsWith(' ')) return false;
  // The length of these is in bytes, of which a character has four at most.
  if (name.endsWith('text') && text.endsWith(' ') && length !== null)
    return [...text].length * MOST_BYTES <= length;
  return length === null || [...text].length <= length;
}

function uuidBytes(text: string): string | undefined {
  return UUID_TEXT.test(text) ? `X'${text.replaceAll('-', '').toLowerCase()}'` : undefined;
}

function bitSql(text: string): string | undefined {
  const bit = TRUTH.get(text);
  return bit === undefined ? undefined : `b'${bit}'`;
}

/** The members of `enum('a','b')`, in which a quote is doubled. */
function membersOf({ declared }: ColumnType): ReadonlySet<string> {
  const members = declared.matchAll(/'((?:[^']|'')*)'/g);
  return new Set([...members].map(([, member = '']) => member.replaceAll("''", "'")));
}

function isSubset(text: string, members: ReadonlySet<string>): boolean {
  return text === '' || text.split(',').every((member) => members.has(member));
}
