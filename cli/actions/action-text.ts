import type { ActionView } from '@countersign/client/actions-api';
import { printable } from '@countersign/client/printable';
import * as z from 'zod';
import { shortTime } from '../command/listing.ts';
import { facts, textOf } from '../output/table.ts';
import { valueText } from '../proposals/effect-text.ts';

const text = z.string().nullish();
const detailSchema = z.looseObject({
  action_id: z.string(),
  action: text,
  status: z.string(),
  provider: text,
  target: text,
  input: z.record(z.string(), z.unknown()).nullish(),
  reason: text,
  effect_digest: text,
  expires_at: text,
  attempts: z.number().nullish(),
  after_proposal: text,
  likely_done: z.looseObject({ action_id: text, state: text }).nullish(),
  cause: z.looseObject({ by: text, message: text }).nullish(),
  waiting: z.looseObject({ why: text, next: text }).nullish(),
  decisions: z.array(z.looseObject({ verdict: text, name: text, at: text, reason: text })).nullish(),
  result: z
    .looseObject({ result: z.looseObject({ outcome: text, code: text, reference: text }).nullish() })
    .nullish(),
});
export type ActionDetail = z.infer<typeof detailSchema>;

export function actionDetailOf(view: ActionView): ActionDetail {
  return detailSchema.parse(view);
}

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
