import { changeKinds } from '@countersign/protocol/contract-diff/change-kinds';
import { lintRules } from '@countersign/protocol/contract-lint/lint-rules';
import { markdownTable } from './markdown-table.ts';

const severities = ['danger', 'warning', 'note'];

/** What the lint of a contract can find, the worst first. */
export function contractFindingsTable(): string {
  const rows = lintRules
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .map(({ code, severity, title, why, fix }) => [severity, `\`${code}\``, `${title}. ${why}`, fix]);
  return markdownTable(['', 'code', 'what and why', 'what to do'], rows);
}

const risks = new Map<boolean | 'depends', string>([
  [true, 'yes'],
  [false, 'no'],
  ['depends', 'by its values'],
]);

/** Every category of difference between two versions of a contract. */
export function contractChangesTable(): string {
  const rows = Object.entries(changeKinds).map(([name, { risk, title }]) => [
    `\`${name}\``,
    title,
    risks.get(risk) ?? '',
  ]);
  return markdownTable(['change', 'meaning', 'permits more'], rows);
}
