import { type Issue, Refused } from './problem.ts';

/** How deep a body may nest: deeper ones are attacks on recursive code, not requests. */
const DEEPEST = 40;
/** A lone surrogate or NUL: the database's JSON functions would alter the one and cut at the other. */
const UNSTORABLE = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
/** Schemas drop this key of a map without a word: what was asked for and what is kept would differ. */
const VANISHING_KEY = '__proto__';

/** Throws `Refused` (`unstorable_text`) when a key or text inside cannot be stored exactly as it came. */
export function refuseUnstorableText(value: unknown): void {
  const issue = unstorable(value, '$', 0);
  if (issue !== undefined)
    throw new Refused({
      code: 'unstorable_text',
      message: `${issue.path}: ${issue.message}`,
      errors: [issue],
    });
}

function unstorable(value: unknown, path: string, depth: number): Issue | undefined {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? badText(path) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= DEEPEST) return { path, code: 'unstorable_text', message: `nested deeper than ${DEEPEST}` };
  for (const [key, member] of Object.entries(value)) {
    if (UNSTORABLE.test(key)) return badText(path);
    if (key === VANISHING_KEY) return { path, code: 'unstorable_text', message: `has a key ${key}` };
    const issue = unstorable(member, `${path}.${key}`, depth + 1);
    if (issue !== undefined) return issue;
  }
  return undefined;
}

function badText(path: string): Issue {
  return { path, code: 'unstorable_text', message: 'holds a NUL or half of a surrogate pair' };
}
