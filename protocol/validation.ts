import type * as z from 'zod';
import { type ErrorCode, isErrorCode } from './error-codes.ts';
import { type Issue, type Refusal, Refused } from './problem.ts';

const MOST_ISSUES = 20;

/** Parses, or throws `Refused` with the first issue's own code (an unknown field, a bad identifier ...). */
export function parseOrRefuse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refused(refusalOfIssues(parsed.error.issues));
}

function refusalOfIssues(found: readonly z.core.$ZodIssue[]): Refusal {
  const issues = found.flatMap((issue) => issuesOf(issue, []));
  const code = issues.map((issue) => issue.code).find(isSpecific) ?? 'validation_failed';
  const first = issues.find((issue) => issue.code === code) ?? issues[0];
  return {
    code,
    message: first === undefined ? 'the request does not pass validation' : `${first.path}: ${first.message}`,
    errors: issues.slice(0, MOST_ISSUES),
  };
}

/** A specific fault says more than that something failed, so it names the refusal. */
function isSpecific(code: string): code is ErrorCode {
  return isErrorCode(code) && code !== 'validation_failed';
}

type Path = readonly PropertyKey[];

function issuesOf(issue: z.core.$ZodIssue, outer: Path): Issue[] {
  const path = [...outer, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => issueAt([...path, key], 'unknown_field', 'this field is not known'));
    case 'invalid_key':
      return issue.issues.flatMap((inner) => issuesOf(inner, path));
    case 'invalid_union':
      return nearestBranch(issue.errors)
        .flatMap((inner) => issuesOf(inner, path))
        .concat(issue.errors.length === 0 ? [issueAt(path, codeOf(issue, path), issue.message)] : []);
    case 'custom': {
      const code: unknown = issue.params?.code;
      return [issueAt(path, typeof code === 'string' ? code : 'validation_failed', issue.message)];
    }
    default:
      return [issueAt(path, codeOf(issue, path), issue.message)];
  }
}

/** Of a union's branches, the one that came closest says what is wrong; the others only confuse. */
function nearestBranch(branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] {
  return branches.reduce<z.core.$ZodIssue[]>(
    (best, branch) => (best.length === 0 || branch.length < best.length ? branch : best),
    [],
  );
}

/** A missing tenant guard and a form that is not served have codes of their own: they must never look like a typo. */
function codeOf(issue: z.core.$ZodIssue, path: Path): ErrorCode {
  const where = path.slice(-2).join('.');
  const isGuard = where === 'change_set.guards' || where === 'guards.tenant';
  if (issue.code === 'invalid_type' && isGuard) return 'tenant_guard_missing';
  const isForm = isNoneOfThese(issue) && where === 'change_set.schema_version';
  return isForm ? 'change_set_unsupported' : 'validation_failed';
}

/** A literal that is another one, or one by which no member of a union is told. */
function isNoneOfThese({ code }: z.core.$ZodIssue): boolean {
  return code === 'invalid_value' || code === 'invalid_union';
}

function issueAt(path: Path, code: string, message: string): Issue {
  const text = path.reduce<string>(
    (soFar, part) => (typeof part === 'number' ? `${soFar}[${part}]` : `${soFar}.${String(part)}`),
    '$',
  );
  return { path: text, code, message };
}
