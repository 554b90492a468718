import type * as z from 'zod';
import { type ContractIssueCode, contractIssueCodes, type Report } from './contract-issues.ts';

type Path = readonly PropertyKey[];

/** Reports what a schema found, each at its place in the document. */
export function reportSchemaIssues(
  found: readonly z.core.$ZodIssue[],
  report: Report,
  outer: Path = [],
): void {
  for (const issue of found) reportOne(issue, [...outer, ...issue.path], report);
}

function reportOne(issue: z.core.$ZodIssue, path: Path, report: Report): void {
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) {
        report(
          pathText([...path, key]),
          'UNKNOWN_FIELD',
          'this field is not known; extensions begin with x-',
        );
      }
      break;
    case 'invalid_key':
      reportSchemaIssues(issue.issues, report, path);
      break;
    case 'invalid_union':
      reportUnion(issue, path, report);
      break;
    case 'custom':
      report(pathText(path), codeOf(issue.params?.code), issue.message);
      break;
    default:
      report(pathText(path), 'INVALID_VALUE', issue.message);
  }
}

/** A contract's unions are objects that a member tells apart, which name no branches, and scalars, which do. */
function reportUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, report: Report): void {
  if (issue.errors.length === 0) report(pathText(path), 'INVALID_VALUE', issue.message);
  else report(pathText(path), 'NOT_A_SCALAR', 'must be a text, a number, true, false or null');
}

function codeOf(code: unknown): ContractIssueCode {
  const wanted = typeof code === 'string' ? code.toUpperCase() : '';
  return contractIssueCodes.find((known) => known === wanted) ?? 'INVALID_VALUE';
}

function pathText(path: Path): string {
  return path.reduce<string>(
    (soFar, part) => (typeof part === 'number' ? `${soFar}[${part}]` : `${soFar}.${String(part)}`),
    '$',
  );
}
