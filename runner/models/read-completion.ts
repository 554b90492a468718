import * as z from 'zod';
import { ServiceFault } from '../executors/service-fault.ts';
import type { Completion } from './model-provider.ts';

const MOST_MODEL_NAME = 200;

/** The part of https://platform.openai.com/docs/api-reference/chat/object that is looked at. */
const completionSchema = z.object({
  model: z.string().min(1).max(MOST_MODEL_NAME),
  choices: z
    .array(
      z.object({
        finish_reason: z.enum(['stop', 'length', 'content_filter', 'tool_calls', 'function_call']),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .length(1),
  usage: z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }),
});

/**
 * The completion in an answer's JSON; throws `ServiceFault` where there is none. A model that declines says so in a
 * field of its own, or its provider by the reason for which it ended, and either way with a status that says yes.
 */
export function readCompletion(json: unknown): Completion {
  const parsed = completionSchema.safeParse(json);
  const [choice] = parsed.data?.choices ?? [];
  if (!parsed.success || choice === undefined) throw failed('answer_invalid');
  const { finish_reason, message } = choice;
  if (typeof message.refusal === 'string') throw failed('refused');
  if (finish_reason === 'content_filter') throw failed('content_filtered');
  if (finish_reason === 'length') throw failed('cut_off');
  // No tools were offered that it could call.
  if (finish_reason !== 'stop' || typeof message.content !== 'string') throw failed('answer_invalid');
  const { model, usage } = parsed.data;
  return {
    text: message.content,
    model,
    finish_reason,
    usage: { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens },
  };
}

function failed(code: string): ServiceFault {
  return new ServiceFault('model provider', { outcome: 'failed', code });
}
