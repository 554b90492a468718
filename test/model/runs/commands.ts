import fc, { type AsyncCommand } from 'fast-check';
import { must } from '../../support/must.ts';
import { claimTasks } from '../../support/run-flow.ts';
import { workers } from '../actions/command.ts';
import { type Act, commandsChecked, mostly, picks } from '../script-command.ts';
import { type Belief, expectStates, named, type Real } from './real.ts';
import {
  type Claim,
  type Handler,
  hasEnded,
  type Run,
  type Task,
  type Wanted,
  type Worker,
} from './run-model.ts';

type Command = AsyncCommand<Belief, Real>;

const command = commandsChecked<Belief, Real>(expectStates);

const handlerNames = fc.constantFrom<Handler>('echo', 'echo', 'collect');
const wanted = fc.array(
  fc.record<Wanted>({
    handler: handlerNames,
    once: fc.constantFrom('succeeded', 'succeeded', 'ended'),
    after: fc.uniqueArray(fc.nat({ max: 5 }), { maxLength: 2 }),
    mostAttempts: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Tasks as they are asked for: by key those of the same request, by id those that are there. */
function asked(standing: readonly Task[], tasks: readonly Wanted[]) {
  return tasks.map(({ after, handler, mostAttempts, once }, place) => {
    const before = after.filter((one) => one < standing.length + place);
    return {
      key: `k${standing.length + place}`,
      task: handler,
      once,
      most_attempts: mostAttempts,
      after: before.map((one) => standing[one]?.id ?? `k${one}`),
    };
  });
}

/** Only what is there by then can be followed. */
function placed(standing: readonly Task[], tasks: readonly Wanted[]): Wanted[] {
  return tasks.map((one, place) => ({
    ...one,
    after: one.after.filter((at) => at < standing.length + place),
  }));
}

const EXPIRY_S = 86_400;

const submits = fc.record({ tasks: wanted, isDriven: fc.boolean() }).map(({ isDriven, tasks }) =>
  command(`submit ${tasks.length}${isDriven ? ', driven' : ''}`, async (belief, { tenant }) => {
    const ends = isDriven ? 'when_told' : 'with_its_steps';
    const body = { command: 'model', ends, tasks: asked([], tasks), expires_in_seconds: EXPIRY_S };
    const answer = must(await tenant.agent.post('/v1/commands/submit', body)).body;
    const run = belief.begin(ends, belief.now + EXPIRY_S * 1_000);
    run.id = String(answer.run_id);
    named(run, belief.add(run, placed([], tasks)), answer.step_ids);
  }),
);

const additions = fc.record({ tasks: wanted, pick: picks }).map(({ pick, tasks }) =>
  onRun(`add ${tasks.length}`, pick, async (run, belief, { tenant }) => {
    const steps = asked(run.tasks, tasks).map((task) => ({ kind: 'task', ...task }));
    const answer = await tenant.agent.post(`/v1/runs/${run.id}/steps`, { steps });
    const isOpen = run.state === 'open';
    belief.expect(
      'add',
      answer,
      isOpen ? { status: 201, code: undefined } : { status: 409, code: 'run_ended' },
    );
    if (isOpen) named(run, belief.add(run, placed(run.tasks, tasks)), answer.body.step_ids);
  }),
);

const claims = fc
  .record({
    worker: workers,
    names: fc.constantFrom<readonly Handler[]>(
      ['echo'],
      ['collect'],
      ['echo', 'collect'],
      ['collect', 'echo'],
    ),
    limit: fc.integer({ min: 1, max: 3 }),
    seconds: fc.constantFrom(30, 120),
  })
  .map(({ limit, names, seconds, worker }) =>
    command(`claim ${limit} of ${names} by ${worker.credential} ${worker.id}`, async (belief, { tenant }) => {
      const request = { runner_id: worker.id, handlers: names, limit, lease_seconds: seconds };
      const given = await claimTasks(tenant[worker.credential], request);
      const due = belief.due(names, limit);
      same(
        given.map(({ attempt, parents, task_id }) => [task_id, attempt, parents.map((one) => one.state)]),
        due.map((task) => [task.id, task.attempts + 1, task.parents.map((one) => one.state)]),
      );
      for (const [place, task] of due.entries())
        belief.hold(task, given[place]?.claim_id ?? '', worker, seconds);
    }),
  );

function same(given: unknown, due: unknown): void {
  const [one, other] = [JSON.stringify(given), JSON.stringify(due)];
  if (one !== other) throw new Error(`a claim got ${one}, and ${other} was due`);
}

/** Who speaks: mostly whoever was given the claim. */
const manners = fc.constantFrom('own', 'own', 'own', 'own', 'other credential', 'other runner');

function speakerOf({ worker }: Claim, manner: string): Worker {
  const { credential, id } = worker;
  if (manner === 'other credential')
    return { credential: credential === 'runner' ? 'otherRunner' : 'runner', id };
  return manner === 'other runner' ? { credential, id: id === 'r1' ? 'r2' : 'r1' } : worker;
}

interface Said {
  readonly pick: number;
  readonly manner: string;
}
const saids = { pick: picks, manner: manners };

/** Says something about one of the claims that were ever given, mostly one that stands. */
function onClaim(
  verb: string,
  { manner, pick }: Said,
  more: object,
  told: (claim: Claim, worker: Worker, belief: Belief) => ReturnType<Belief['renew']>,
): Command {
  return command(
    `${verb} (${manner}) ~${pick} ${JSON.stringify(more)}`,
    async (belief, { tenant }) => {
      const claim = mostly(belief.claims, (one) => one.task.claim === one, pick);
      const worker = speakerOf(claim, manner);
      const body = { runner_id: worker.id, claim_id: claim.id, ...more };
      const path = `/v1/tasks/${claim.task.id}/${verb}`;
      const answer = await tenant[worker.credential].post(path, body);
      const before = claim.task.run.tasks.length;
      belief.expect(verb, answer, told(claim, worker, belief));
      const added = claim.task.run.tasks.slice(before);
      if (added.length > 0) named(claim.task.run, added, answer.body.step_ids);
    },
    (belief) => belief.claims.length > 0,
  );
}

const renewals = fc
  .record({ ...saids, seconds: fc.constantFrom(30, 120) })
  .map(({ seconds, ...said }) =>
    onClaim('renew', said, { lease_seconds: seconds }, (claim, worker, belief) =>
      belief.renew(claim, worker, seconds),
    ),
  );

const returns = fc
  .record({
    ...saids,
    reason: fc.constantFrom('draining' as const, 'busy' as const, 'not_configured' as const),
  })
  .map(({ reason, ...said }) =>
    onClaim('return', said, { reason }, (claim, worker, belief) => belief.giveBack(claim, worker, reason)),
  );

const completions = fc
  .record({ ...saids, n: fc.constantFrom(1, 1, 1, 2), follows: fc.boolean() })
  .map(({ follows, n, ...said }) => {
    const steps = follows ? [{ kind: 'task', task: 'echo', most_attempts: 2 }] : [];
    const next: Wanted = { handler: 'echo', once: 'succeeded', after: [], mostAttempts: 2 };
    const word = JSON.stringify({ n, follows });
    return onClaim('complete', said, { result: { n }, steps }, (claim, worker, belief) =>
      belief.complete(claim, worker, word, () => {
        if (follows) belief.add(claim.task.run, [next], [claim.task]);
      }),
    );
  });

const failures = fc
  .record({ ...saids, retry: fc.constantFrom(null, 0, 5_000) })
  .map(({ retry, ...said }) =>
    onClaim(
      'fail',
      said,
      { code: 'no', ...(retry === null ? {} : { is_retryable: true, retry_after_ms: retry }) },
      (claim, worker, belief) => belief.fail(claim, worker, `failed ${retry}`, retry),
    ),
  );

const isOpen = ({ state }: Run) => state === 'open';

function onRun(
  name: string,
  pick: number,
  act: (run: Run, ...around: Parameters<Act<Belief, Real>>) => Promise<void>,
  isMeant: () => boolean = () => true,
): Command {
  return command(
    `${name} #${pick}`,
    (belief, real) => act(mostly(belief.runs, isOpen, pick), belief, real),
    ({ runs }) => runs.length > 0 && isMeant(),
  );
}

const finishes = fc
  .record({ pick: picks, outcome: fc.constantFrom('succeeded' as const, 'failed' as const) })
  .map(({ outcome, pick }) =>
    onRun(`finish as ${outcome}`, pick, async (run, belief, { tenant }) => {
      const answer = await tenant.agent.post(`/v1/runs/${run.id}/finish`, { outcome });
      belief.expect('finish', answer, belief.finish(run, outcome));
    }),
  );

/** Seldom: nothing happens in a run any more that was canceled. */
const cancels = picks.map((pick) =>
  onRun(
    'cancel',
    pick,
    async (run, belief, { tenant }) => {
      belief.expect('cancel', await tenant.agent.post(`/v1/runs/${run.id}/cancel`), belief.cancel(run));
    },
    () => pick % 3 === 0,
  ),
);

const taskCancels = picks.map((pick) =>
  command(
    `cancel task ~${pick}`,
    async (belief, { tenant }) => {
      const task = mostly(belief.tasks, (one) => !hasEnded(one), pick);
      const answer = await tenant.olivia.post(`/v1/tasks/${task.id}/cancel`);
      belief.expect('cancel task', answer, belief.cancelTask(task));
    },
    (belief) => belief.tasks.length > 0,
  ),
);

/** To the very moment at which a claim or a rest ends, or just before it; seldom to the end of a run. */
const times = fc.record({ pick: picks, early: fc.constantFrom(0, 0, 1) }).map(({ early, pick }) =>
  command(
    `it is ${early} ms before deadline ~${pick}`,
    async (belief, real) => {
      const near = pick % 8 === 0 ? belief.deadlines : belief.taskDeadlines;
      const until = Math.max(belief.now, (near[pick % Math.min(near.length, 3)] ?? belief.now) - early);
      await real.advance(until - belief.now);
      belief.pass(until);
    },
    (belief) => belief.taskDeadlines.length > 0,
  ),
);

/** What is done; what stands twice is twice as likely. */
export const commands = fc.commands<Belief, Real, false>(
  [
    ...[submits, submits, submits, additions, claims, claims, claims, claims, claims],
    ...[renewals, returns, completions, completions, completions, completions, failures, failures, failures],
    ...[finishes, finishes, cancels, taskCancels, times, times],
  ],
  { maxCommands: 40, size: 'max' },
);
