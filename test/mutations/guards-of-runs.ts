import type { TestedGuard } from './guard.ts';

const RUNS = 'durable-objects/tenant/runs';
const RULES = `${RUNS}/run-rules.test.ts`;
const CLAIMS = 'durable-objects/tenant/claims/refusal-of-claim';
const CONTROL = 'durable-objects/tenant/control';

/** Guards of runs, their tasks, and the registry that steers them. */
export const runGuards: readonly TestedGuard[] = [
  {
    name: 'the handlers that a token covers',
    mutation: {
      file: `${RUNS}/claim-tasks.ts`,
      find: 'const foreign = handlers.find((handler) => !coversHandler(identity, handler));',
      replace: 'const foreign = undefined as string | undefined;',
    },
    suite: RULES,
    tests: '^a claim',
    alarm: 'of a token that does not cover the handler is refused',
  },
  {
    name: 'the worker of a claim',
    mutation: {
      file: `${CLAIMS}.ts`,
      find: 'if (!isMine(row.claim_runner, row.claim_credential)) return foreign;',
      replace: '',
    },
    suite: RULES,
    tests: '^a report',
    alarm: 'of a claim by another token is refused',
  },
  {
    name: 'the time of a claim',
    mutation: {
      file: `${CLAIMS}.ts`,
      find: 'return (row.claim_expires_at ?? 0) > now ? undefined : over;',
      replace: 'return undefined;',
    },
    suite: `${CLAIMS}.test.ts`,
    tests: '^a worker',
    alarm: 'a worker that names its own, at the end of its time',
  },
  {
    name: 'what a step waits for',
    mutation: {
      file: `${RUNS}/new-steps.ts`,
      find: 'const isReady = parents.every((parent) => isThrough(parent, once));',
      replace: 'const isReady = true;',
    },
    suite: RULES,
    tests: '^a claim',
    alarm: 'does not get what waits for another step',
  },
  {
    name: 'whose a run is',
    mutation: {
      file: `${RUNS}/own-run.ts`,
      find: "return kind !== 'agent' || proposer_id === actor.id || agents.includes(actor.id);",
      replace: 'return true;',
    },
    suite: RULES,
    tests: '^a run',
    alarm: 'is seen by who began it, and by no other agent',
  },
  {
    name: 'who ends a run and its tasks',
    mutation: {
      file: `${RUNS}/own-run.ts`,
      find: "if (!found.ok || identity.kind !== 'agent' || found.row.proposer_id === identity.actor.id) return found;",
      replace: 'return found;',
    },
    suite: RULES,
    tests: '^a task',
    alarm: 'is taken back by an agent that is named in its run',
  },
  {
    name: 'whom the registry is shown',
    mutation: {
      file: `${CONTROL}/control-queries.ts`,
      find: "if (identity.kind === 'runner' && identity.handlers.length === 0) {",
      replace: 'if (identity.kind === undefined) {',
    },
    suite: `${CONTROL}/control-queries.test.ts`,
    tests: '^what is in force',
    alarm: 'what is in force is read by a runner without handlers',
  },
  {
    name: 'an arbiter that cannot read',
    mutation: {
      file: `${CONTROL}/judge-result.ts`,
      find: "if (judged === undefined || judged.kind === 'failed') {",
      replace: 'if (judged === undefined) {',
    },
    suite: `${CONTROL}/judge-result.test.ts`,
    tests: '^an arbiter',
    alarm: 'that looks at what is not there rejects',
  },
];
