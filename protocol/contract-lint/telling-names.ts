/* What the name of a column or state suggests. A wrong guess costs a reader one line; a missed one could cost more. */

const MONEY = words(
  'cents amount price balance limit refund fee fees credit credits discount cost salary payout charge payment deposit wage premium surcharge',
);
const STATUS = words('status state stage phase');
const AUTHORITY = words(
  'role roles permission permissions admin superuser privilege privileges acl owner grants',
);
const SECRET = words(
  'password passwd pwd passphrase secret secrets token tokens apikey pin cvv cvc otp credential credentials salt',
);
const SECRET_PAIRS = ['api_key', 'private_key', 'access_key', 'signing_key', 'password_hash'];
const PERSONAL = words(
  'email phone mobile ssn iban dob birthday birthdate passport address street postcode surname nationality gender diagnosis',
);
const PERSONAL_PAIRS = [
  'birth_date',
  'date_of_birth',
  'tax_id',
  'first_name',
  'last_name',
  'full_name',
  'card_number',
  'bank_account',
  'account_number',
  'national_id',
  'social_security',
];
const TIME = words('at on time ts timestamp date modified updated');
const FINAL = words(
  'closed cancelled canceled refunded paid rejected archived deleted complete completed settled void voided done final finished expired terminated delivered',
);

export function looksLikeMoney(column: string): boolean {
  return hasWord(column, MONEY);
}

export function looksLikeStatus(column: string): boolean {
  return hasWord(column, STATUS);
}

/** Who writes such a column gives somebody rights. */
export function looksLikeAuthority(column: string): boolean {
  return hasWord(column, AUTHORITY) || looksLikeSecret(column);
}

export function looksLikeSecret(column: string): boolean {
  return hasWord(column, SECRET) || hasPair(column, SECRET_PAIRS);
}

export function looksLikePersonalData(column: string): boolean {
  return hasWord(column, PERSONAL) || hasPair(column, PERSONAL_PAIRS);
}

export function looksLikeTime(column: string): boolean {
  const last = wordsOf(column).at(-1);
  return last !== undefined && TIME.has(last);
}

/** A state after which nothing more is expected to happen. */
export function looksFinal(state: string): boolean {
  return hasWord(state, FINAL);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** `creditLimit_eur` is credit, limit and eur. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

function hasWord(name: string, known: ReadonlySet<string>): boolean {
  return wordsOf(name).some((word) => known.has(word));
}

function hasPair(name: string, known: readonly string[]): boolean {
  const spelled = `_${wordsOf(name).join('_')}_`;
  return known.some((pair) => spelled.includes(`_${pair}_`));
}
