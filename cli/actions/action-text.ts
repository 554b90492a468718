import type { ActionDetail } from '@countersign/client/action-detail';
import { printable } from '@countersign/client/printable';
import { shortTime } from '../command/listing.ts';
import { facts, textOf } from '../output/table.ts';
import { valueText } from '../proposals/effect-text.ts';

/** An action as whoever decides reads it: what it would send where, why it waits, and what came of it. */
export function actionText(detail: ActionDetail, emphasize: (text: string) => string): string {
  const { action, action_id, input, provider, status, target, waiting } = detail;
  return [
    `${emphasize(printable(`${action_id}  ${action ?? ''}`))}\n`,
    `${printable(status)}\n\n`,
    `${printable(`${provider ?? '-'} at ${target ?? '-'}`)}\n`,
    ...Object.entries(input ?? {}).map(([name, value]) => `  ${printable(name)}: ${valueText(value)}\n`),
    '\n',
    facts([
      ['reason', detail.reason ?? undefined],
      ['follows', detail.after_proposal ?? undefined],
      ['perhaps done', likelyDone(detail)],
      ['by rule', causeOf(detail)],
      ...(detail.decisions ?? []).map(
        ({ at, name, reason, verdict }) =>
          [
            'decided',
            `${verdict ?? '-'} by ${name ?? '-'}, ${textOf(shortTime(at))}${reason == null ? '' : `: ${reason}`}`,
          ] as const,
      ),
      ['attempts', detail.attempts == null || detail.attempts === 0 ? undefined : String(detail.attempts)],
      ['result', resultOf(detail)],
      ['expires', detail.expires_at == null ? undefined : textOf(shortTime(detail.expires_at))],
      ['effect', detail.effect_digest ?? undefined],
      ['waits', waiting?.why ?? undefined],
      ['next', waiting?.next ?? undefined],
    ]),
  ].join('');
}

function likelyDone({ likely_done }: ActionDetail): string | undefined {
  return likely_done == null ? undefined : `${likely_done.action_id ?? '-'} is ${likely_done.state ?? '-'}`;
}

function causeOf({ cause }: ActionDetail): string | undefined {
  return cause == null ? undefined : `${cause.by ?? 'a rule'}: ${cause.message ?? ''}`;
}

function resultOf({ result }: ActionDetail): string | undefined {
  const told = result?.result;
  return told == null ? undefined : [told.outcome, told.code, told.reference].filter(Boolean).join(' ');
}
