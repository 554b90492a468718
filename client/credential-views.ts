import * as z from 'zod';
import { some, text, texts } from './tolerant.ts';

const common = {
  name: text,
  /** What every secret of the kind begins with. */
  token_prefix: text,
  /** `active`, `retiring` (another took over from it), `expired`, `revoked`. */
  status: text,
  created_at: text,
  expires_at: text,
  last_used_at: text,
  source_ids: texts,
};

export const runnerTokenViewSchema = z.looseObject({
  token_id: z.string(),
  ...common,
  targets: texts,
  handlers: texts,
  permissions: texts,
});
export type RunnerTokenView = z.infer<typeof runnerTokenViewSchema>;

export const serviceViewSchema = z.looseObject({ key_id: z.string(), ...common, scopes: texts });
export type ServiceView = z.infer<typeof serviceViewSchema>;

export const agentViewSchema = z.looseObject({
  agent_id: z.string(),
  ...common,
  bindings: some(z.record(z.string(), z.string())),
  /** Null is all that are in force, also later ones. */
  capabilities: texts,
});
export type AgentView = z.infer<typeof agentViewSchema>;
