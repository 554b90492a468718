import { answer } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';
import { time } from './proposal-view.ts';

/** What a runner's token is good for. `authenticated` is asserted by existing clients (PROTOCOL 2.2). */
export function runnerDoctor(): LookPlan {
  return {
    statements: [],
    answer: (_results, { tenant, identity, now }) =>
      answer({
        ok: true,
        authenticated: true,
        project_id: tenant,
        source_id: identity.kind === 'runner' ? (identity.sources[0] ?? null) : null,
        source_ids: identity.kind === 'runner' ? identity.sources : [],
        permissions: identity.kind === 'runner' ? identity.permissions : [],
        server_time: time(now),
      }),
  };
}
