import { printable } from '@countersign/client/printable';
import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { shortTime } from '../command/listing.ts';
import { facts, textOf } from '../output/table.ts';
import { effectText, valueText } from './effect-text.ts';

/** A proposal as whoever decides reads it: the effect first, then who asked, what is needed, and why it waits. */
export function proposalText(detail: ProposalDetail, emphasize: (text: string) => string): string {
  const { proposal_id, proposal_version, status } = detail;
  const version = proposal_version == null ? '' : `, version ${proposal_version}`;
  return [
    `${emphasize(printable(`${proposal_id}  ${detail.capability ?? detail.action ?? ''}`))}\n`,
    `${printable(status)}${version}\n\n`,
    effectText(detail, emphasize),
    '\n',
    facts([
      ['bounds', boundsOf(detail)],
      ['rehearsed', rehearsalOf(detail)],
      ['asked by', askedBy(detail)],
      ['reason', detail.reason ?? undefined],
      ['contract', detail.contract?.contract_version_id ?? detail.contract?.digest ?? undefined],
      ['by rule', causeOf(detail)],
      ...needsOf(detail).map((need) => ['needs', need] as const),
      ...decisionsOf(detail),
      ...(detail.conversation ?? []).map(
        (one) => [one.kind ?? 'remark', `${one.name ?? one.by ?? '-'}: ${one.text ?? ''}`] as const,
      ),
      ['job', detail.job == null ? undefined : `${detail.job.status ?? '-'} (${detail.job.job_id ?? '-'})`],
      ['result', resultOf(detail)],
      ['expires', detail.expires_at == null ? undefined : shortTime(detail.expires_at)],
      ['effect', detail.effect_digest ?? undefined],
    ]),
    waitingText(detail),
  ].join('');
}

/** Why a proposal is where it is: what it waits for, or what ended it. */
export function explanationText(detail: ProposalDetail): string {
  return `${printable(detail.status)}\n${facts([
    ['by rule', causeOf(detail)],
    ...decisionsOf(detail),
    ['result', resultOf(detail)],
    ['waits', detail.waiting?.why ?? undefined],
    ['next', detail.waiting?.next ?? undefined],
  ])}`;
}

type Fact = readonly [string, string | undefined];

function decisionsOf({ decisions }: ProposalDetail): Fact[] {
  return (decisions ?? []).map(({ at, name, reason, verdict }) => [
    'decided',
    `${verdict ?? '-'} by ${name ?? '-'}, ${textOf(shortTime(at))}${reason ? `: ${reason}` : ''}`,
  ]);
}

function resultOf({ result }: ProposalDetail): string | undefined {
  return result == null ? undefined : [result.status, result.error_code].filter(Boolean).join(' ');
}

/** Why nothing happens, and what would change that. */
export function waitingText({ waiting }: ProposalDetail): string {
  if (waiting == null) return '';
  return `\n${facts([
    ['waits', waiting.why ?? undefined],
    ['next', waiting.next ?? undefined],
  ])}`;
}

function askedBy({ created_at, principal, proposed_by }: ProposalDetail): string | undefined {
  if (proposed_by == null) return undefined;
  const principalText = typeof principal === 'string' ? principal : idOf(principal);
  const forWhom = principalText === undefined ? '' : `, for ${principalText}`;
  const at = created_at == null ? '' : `, ${textOf(shortTime(created_at))}`;
  return `${proposed_by.kind ?? ''} ${proposed_by.id ?? ''}${forWhom}${at}`;
}

function causeOf({ cause }: ProposalDetail): string | undefined {
  if (cause == null) return undefined;
  return [`${cause.by ?? 'a rule'}:`, cause.message, cause.next == null ? null : `(${cause.next})`]
    .filter(Boolean)
    .join(' ');
}

function idOf(value: unknown): string | undefined {
  const isNamed = typeof value === 'object' && value !== null && 'id' in value;
  return isNamed && typeof value.id === 'string' ? value.id : undefined;
}

function boundsOf({ bounds }: ProposalDetail): string | undefined {
  if (bounds == null || Object.keys(bounds).length === 0) return undefined;
  return Object.entries(bounds)
    .map(([column, bound]) => `${column} ${rangeText(bound)}`)
    .join(', ');
}

function rangeText(bound: unknown): string {
  const isRange = typeof bound === 'object' && bound !== null && ('minimum' in bound || 'maximum' in bound);
  if (!isRange) return valueText(bound);
  const least = 'minimum' in bound ? valueText(bound.minimum) : '-';
  const most = 'maximum' in bound ? valueText(bound.maximum) : '-';
  return `${least} to ${most}`;
}

function rehearsalOf({ rehearsal }: ProposalDetail): string | undefined {
  if (rehearsal == null) return undefined;
  const lock = rehearsal.lock_held_ms == null ? '' : `, lock held ${rehearsal.lock_held_ms} ms`;
  const at = rehearsal.asked_at == null ? '' : `, asked ${textOf(shortTime(rehearsal.asked_at))}`;
  const why = rehearsal.error_code == null ? '' : ` (${rehearsal.error_code})`;
  return `${rehearsal.status ?? '-'}${why}${at}${lock}`;
}

function needsOf({ approvals, requirements }: ProposalDetail): string[] {
  const wanted =
    requirements ??
    (approvals?.required == null
      ? []
      : [
          {
            role: approvals.required_role,
            approvals: approvals.required,
            given: approvals.given,
            by: undefined,
          },
        ]);
  return wanted.map(({ approvals: needed, by, given, role }) => {
    const names = by == null || by.length === 0 ? '' : ` (${by.map(textOf).join(', ')})`;
    return `${needed} approval${needed === 1 ? '' : 's'}${role == null ? '' : ` by ${role}`}, ${given ?? 0} given${names}`;
  });
}
