import { printable } from '@countersign/client/printable';
import type { Options, Values } from '../command/options.ts';
import { usageFault } from '../fault.ts';
import { PAGE_WIDTH } from '../output/table.ts';
import { wrap } from '../output/width.ts';

/** A finding of a lint, ours or the control plane's. */
export interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly path?: string | null | undefined;
  readonly message?: string | null | undefined;
  readonly fix?: unknown;
}

const severities: readonly string[] = ['danger', 'warning', 'note'];

export const lintOptions = {
  allow: { type: 'string', multiple: true, value: 'CODE', help: 'a finding that may stand' },
  'fail-on': { type: 'string', value: 'SEVERITY', help: 'danger, warning or note; usual: danger' },
} as const satisfies Options;

/** Decides which findings stop. Throws `CliFault` for a severity that there is not. */
export function stopper(values: Values<typeof lintOptions>): (findings: readonly Finding[]) => Finding[] {
  const { allow = [], 'fail-on': failOn = 'danger' } = values;
  const least = severities.indexOf(failOn);
  if (least < 0) throw usageFault(`--fail-on must be ${severities.join(', ')}`);
  const stopping = severities.slice(0, least + 1);
  return (findings) =>
    findings.filter(({ code, severity }) => stopping.includes(severity) && !allow.includes(code));
}

/** Findings as people read them: what, where, and what to do. */
export function findingsText(findings: readonly Finding[]): string {
  return findings
    .map(({ code, fix, message, path, severity }) =>
      [
        `${severity} ${code}${path === null || path === undefined ? '' : ` at ${path}`}`,
        ...indented(message ?? ''),
        ...(typeof fix === 'string' ? indented(`fix: ${fix}`) : []),
      ]
        .map((line) => `${printable(line)}\n`)
        .join(''),
    )
    .join('');
}

function indented(text: string): string[] {
  return text === '' ? [] : wrap(text, PAGE_WIDTH - 2).map((line) => `  ${line}`);
}
