import { randomBytes } from 'node:crypto';
import { mintToken } from '@countersign/protocol/token';
import { eventually } from '../../support/eventually.ts';
import type { FirstRun } from '../../support/first-run.ts';
import { type Answer, send } from '../../support/http.ts';
import type { Got } from './facts.ts';

/** What an attacker knows. */
export interface Attacked {
  readonly run: FirstRun;
  /** Of every project: ids are no secret. */
  readonly projects: () => readonly string[];
  /** A good token of a person who belongs nowhere. */
  readonly stranger: string;
  /** The bootstrap token, where it has leaked. */
  readonly leaked: string | undefined;
}

type Way = (attacked: Attacked, project: string) => Promise<Answer>;

const guess = () => randomBytes(24).toString('base64url');
const NOBODY_S_KEY = 'a key that this installation does not have';
const LONGEST_MS = 60_000;

/** Each by its name in the report. */
const ways: Readonly<Record<string, Way>> = {
  'a guessed bootstrap token': ({ leaked, run }, project) =>
    run.exchange(project, { token: leaked ?? guess() }),
  'no bootstrap token': ({ run }, project) => run.exchange(project, { token: undefined }),
  'the first run of a plane that asks nobody': ({ run }, project) =>
    send(run.origin, {
      method: 'POST',
      path: `/v1/bootstrap/service-account?project_id=${project}`,
      body: {},
    }),
  'a forged token': ({ run }, project) =>
    run.as(project, mintToken('svc', project, 'ak_forged', NOBODY_S_KEY)).get('/v1/members'),
  'no token': ({ run }, project) =>
    send(run.origin, { method: 'GET', path: `/v1/members?project_id=${project}` }),
  'a good login that belongs nowhere': ({ run, stranger }, project) =>
    run.as(project, stranger).post('/v1/invitations', { name: 'Mallory', roles: ['owner'] }),
  'a guessed invitation': ({ run, stranger }, project) =>
    run.as(project, stranger).post('/v1/invitations/accept', { code: `syn_inv_${guess()}` }),
};

/** Tries every way, again and again, until it is told to stop. What a plane that is being deployed does not answer is no attempt. */
export class Attackers {
  readonly #attacked: Attacked;
  readonly #loops: Promise<void>[];
  #found = emptied();
  #isOver = false;

  constructor(attacked: Attacked, count: number) {
    this.#attacked = attacked;
    this.#loops = Array.from({ length: count }, () => this.#loop());
  }

  /** What they got since they were asked last, once each way was tried so often. */
  async attempts(least: number): Promise<Readonly<Record<string, readonly Got[]>>> {
    await eventually(
      async () => Math.min(...Object.values(this.#found).map(({ length }) => length)),
      (fewest) => fewest >= least,
      LONGEST_MS,
    );
    const found = this.#found;
    this.#found = emptied();
    return found;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
  }

  async #loop(): Promise<void> {
    while (!this.#isOver) {
      for (const [name, way] of Object.entries(ways)) {
        for (const project of this.#attacked.projects()) {
          const answer = await way(this.#attacked, project).catch(() => undefined);
          if (answer !== undefined) this.#found[name]?.push(gotOf(answer));
        }
      }
      // What the plane is asked besides shall have its turn.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function emptied(): Record<string, Got[]> {
  return Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
}

/** The code of a refusal; whatever is none got in. */
export function gotOf({ body, status }: Answer): Got {
  return status < 300 ? 'in' : String(body.error_code);
}
