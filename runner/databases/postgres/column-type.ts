import { isDouble, isSingle, parseDecimal, placesOf } from '../decimal-text.ts';

/** What the catalog says of a column's type, as far as values of it are written. */
export interface ColumnType {
  /** As SQL text, without a length. */
  readonly sql: string;
  /** Its name in pg_type; of a domain, that of the type beneath. */
  readonly name: string;
  /** The declared length or precision as the catalog has it; -1 where there is none. */
  readonly modifier: number;
  /** Whether the role may read the column; it need not, to write it. */
  readonly isReadable: boolean;
}

const HEADER = 4;
const MICROSECONDS = 6;
const NAME_BYTES = 63;
const FRACTION = /:\d\d\.(\d+)/;
/** `now` and its like are another value each time. */
const MOVING = /^\s*(now|today|tomorrow|yesterday)\b/i;
const TIME = /^\d{1,2}:\d\d(:\d\d(\.\d+)?)?$/;
/** At the end, behind a time of day. */
const OTHER_ZONE =
  /:\d\d(?:\.\d+)?\s*(?:[+-](?!00(?::?00)?$)\d\d(?::?\d\d){0,2}|(?!BC$|AD$|AM$|PM$|UTC$|Z$)[a-z][a-z_/]*)$/i;
const DATE = /^(\d{4,7}-\d\d-\d\d( BC)?|\d{8}|-?infinity)$/i;
const MONEY = /^-?\d+(\.\d{1,2})?$/;
const NOT_A_NUMBER = /^(NaN|-?Infinity|-?inf)$/i;

/** Types whose values can be compared with what was to be written, so that the statement itself sees what was kept. */
const COMPARED: ReadonlySet<string> = new Set([
  ...[
    'int2',
    'int4',
    'int8',
    'numeric',
    'float4',
    'float8',
    'bool',
    'uuid',
    'text',
    'varchar',
    'bpchar',
    'name',
  ],
  ...['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval'],
]);

/** Whether values of a type count as equal exactly when they are the same. */
export function isCompared({ name }: ColumnType): boolean {
  return COMPARED.has(name);
}

/** Those of the columns that a statement can compare with their values, though a type or a trigger changes in between. */
export function comparable(
  columns: readonly string[],
  types: ReadonlyMap<string, ColumnType>,
): readonly string[] {
  return columns.filter((column) => {
    const type = types.get(column);
    return type?.isReadable === true && isCompared(type);
  });
}

/**
 * Whether a column keeps a text as the value that it is. PostgreSQL refuses what is no value of a type, and this need
 * not; but it rounds to the declared precision, cuts off blanks, and drops a zone or a time that the type has no place
 * for, all without a word.
 */
export function isKept({ modifier, name }: ColumnType, text: string): boolean {
  switch (name) {
    case 'numeric':
      return modifier === -1 || isWithinScale(text, scaleOf(modifier));
    case 'float8':
      return NOT_A_NUMBER.test(text) || isDouble(text);
    case 'float4':
      return NOT_A_NUMBER.test(text) || isSingle(text);
    case 'varchar':
      return modifier === -1 || [...text].length <= modifier - HEADER;
    case 'name':
      return Buffer.byteLength(text) <= NAME_BYTES;
    case 'timestamptz':
      return !MOVING.test(text) && isWithinPrecision(text, modifier);
    case 'timestamp':
      return !MOVING.test(text) && !OTHER_ZONE.test(text.trim()) && isWithinPrecision(text, modifier);
    case 'date':
      return DATE.test(text);
    case 'money':
      return MONEY.test(text);
    case 'time':
      return TIME.test(text) && isWithinPrecision(text, modifier);
    case 'timetz':
      return !MOVING.test(text) && isWithinPrecision(text, modifier);
    default:
      return true;
  }
}

/** Eleven bits with a sign, below the precision. */
function scaleOf(modifier: number): number {
  const scale = (modifier - HEADER) & 0x7ff;
  return scale >= 0x400 ? scale - 0x800 : scale;
}

function isWithinScale(text: string, scale: number): boolean {
  const number = parseDecimal(text.trim());
  if (number === undefined) return true;
  return scale >= 0 ? placesOf(number) <= scale : number.digits === '' || number.exponent >= -scale;
}

function isWithinPrecision(text: string, modifier: number): boolean {
  const fraction = FRACTION.exec(text)?.[1] ?? '';
  return fraction.replace(/0+$/, '').length <= (modifier === -1 ? MICROSECONDS : modifier);
}
