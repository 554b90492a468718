/** Beyond these a number of a row is not taken, and a result is an overflow: so that one rule cannot grow one. */
const MOST_DIGITS = 100;
const MOST_RESULT_DIGITS = 400;
const RESULT_END = 10n ** BigInt(MOST_RESULT_DIGITS);

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** An evaluation that has no result. The code is what a person is told; a value never is. */
export class EvaluationFault extends Error {
  override name = 'EvaluationFault';
  readonly code: 'numeric_overflow' | 'modulo_by_zero' | 'not_a_number' | 'types_differ';
  constructor(code: EvaluationFault['code']) {
    super(code);
    this.code = code;
  }
}

/**
 * A decimal number, exactly: `units` / 10^`scale`. Rows carry integers beyond 2^53 and decimals as text, and a rule
 * that rounds would approve what is one cent over.
 */
export class ExactNumber {
  readonly #units: bigint;
  readonly #scale: number;

  private constructor(units: bigint, scale: number) {
    if (scale > MOST_RESULT_DIGITS || units >= RESULT_END || units <= -RESULT_END) {
      throw new EvaluationFault('numeric_overflow');
    }
    this.#units = units;
    this.#scale = scale;
  }

  /** Of a JSON number or a decimal text; undefined for what is neither, or has more than 100 digits. */
  static of(value: unknown): ExactNumber | undefined {
    if (value instanceof ExactNumber) return value;
    if (typeof value === 'bigint') return new ExactNumber(value, 0);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return new ExactNumber(BigInt(value), 0);
    if (typeof value !== 'number' && typeof value !== 'string') return undefined;
    return ExactNumber.#parse(String(value));
  }

  static #parse(text: string): ExactNumber | undefined {
    if (text.length > 2 * MOST_DIGITS) return undefined;
    const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
    if (sign === undefined) return undefined;
    const scale = fraction.length - Number(exponent);
    const digits = `${whole}${fraction}`.replace(/^0+/, '');
    if (digits.length + Math.max(0, -scale) > MOST_DIGITS || scale > MOST_DIGITS) return undefined;
    const units = BigInt(`${digits || '0'}${'0'.repeat(Math.max(0, -scale))}`);
    return new ExactNumber(sign === '-' ? -units : units, Math.max(0, scale));
  }

  compare(other: ExactNumber): number {
    const [left, right] = aligned(this, other);
    return left === right ? 0 : left < right ? -1 : 1;
  }

  plus(other: ExactNumber): ExactNumber {
    const [left, right, scale] = aligned(this, other);
    return new ExactNumber(left + right, scale);
  }

  times(other: ExactNumber): ExactNumber {
    return new ExactNumber(this.#units * other.#units, this.#scale + other.#scale);
  }

  /** With the sign of this number, as CEL has it for integers. */
  remainder(other: ExactNumber): ExactNumber {
    const [left, right, scale] = aligned(this, other);
    if (right === 0n) throw new EvaluationFault('modulo_by_zero');
    return new ExactNumber(left % right, scale);
  }

  negated(): ExactNumber {
    return new ExactNumber(-this.#units, this.#scale);
  }

  unitsAt(scale: number): bigint {
    return this.#units * 10n ** BigInt(scale - this.#scale);
  }

  get scale(): number {
    return this.#scale;
  }
}

function aligned(left: ExactNumber, right: ExactNumber): [bigint, bigint, number] {
  const scale = Math.max(left.scale, right.scale);
  return [left.unitsAt(scale), right.unitsAt(scale), scale];
}
