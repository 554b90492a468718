import { reopenBootstrap, unlock } from '../../../scripts/maintenance/unlock.ts';
import { type FirstRun, TOKEN } from '../../support/first-run.ts';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { gotOf } from './attackers.ts';
import type { Compared, Got } from './facts.ts';

type Person = 'olivia' | 'adam';
const WORD = { operator: 'the drill', reason: 'nobody gets in any more' };

/** The people and programs of the drill, and the projects that they have. */
export class Cast {
  readonly run: FirstRun;
  readonly racers: number;
  /** Set up by its first account, and then owned by people. */
  readonly owned: string;
  /** Where no person ever is. */
  readonly alone: string;
  /** The first accounts' tokens, by project: those that count now. */
  readonly accounts = new Map<string, string>();
  /** Exchanges that had to succeed, by project. */
  readonly exchanged = new Map<string, number>();
  readonly #people: Readonly<Record<Person, string>>;

  private constructor(
    run: FirstRun,
    racers: number,
    projects: [string, string],
    people: Record<Person, string>,
  ) {
    this.run = run;
    this.racers = racers;
    [this.owned, this.alone] = projects;
    this.#people = people;
  }

  static async gather(run: FirstRun, racers: number): Promise<Cast> {
    const issuer = run.issuers.get('members');
    const people = { olivia: await issuer.sign('olivia'), adam: await issuer.sign('adam') };
    return new Cast(run, racers, [await run.emptyProject(), await run.emptyProject()], people);
  }

  get projects(): readonly string[] {
    return [this.owned, this.alone];
  }

  /** A person in the project that people own. */
  person(name: Person) {
    return this.run.as(this.owned, this.#people[name]);
  }

  /** The program that holds a project's first account. */
  account(project: string) {
    return this.run.as(project, this.accounts.get(project) ?? 'syn_svc_none');
  }

  /** Brings the bootstrap token, as the operators of the installation do. */
  async exchange(project: string, token = TOKEN): Promise<Got> {
    return this.#kept(project, await this.run.exchange(project, { token }));
  }

  /** The same many times at once; how many got an account. */
  async race(project: string): Promise<number> {
    const body = (place: number) => ({ name: `tool-${place}` });
    const answers = await Promise.all(
      Array.from({ length: this.racers }, (_, place) => this.run.exchange(project, { body: body(place) })),
    );
    return answers.filter((answer) => this.#kept(project, answer) === 'in').length;
  }

  #kept(project: string, answer: Answer): Got {
    const got = gotOf(answer);
    if (got === 'in') {
      this.accounts.set(project, String(answer.body.token));
      this.exchanged.set(project, (this.exchanged.get(project) ?? 0) + 1);
    }
    return got;
  }

  /** Makes the first owner by the first account, and an admin by the owner. */
  async peoplePlaces(): Promise<void> {
    const owner = { name: 'Olivia', roles: ['owner'] };
    const first = must(await this.account(this.owned).post('/v1/invitations', owner));
    must(await this.person('olivia').post('/v1/invitations/accept', { code: first.body.code }));
    const second = must(
      await this.person('olivia').post('/v1/invitations', { name: 'Adam', roles: ['admin'] }),
    );
    must(await this.person('adam').post('/v1/invitations/accept', { code: second.body.code }));
  }

  /** On the host, with the database. */
  reopen(project: string): Promise<string> {
    return reopenBootstrap(this.run.record(), project, WORD);
  }

  unlock(): Promise<string> {
    return unlock(this.run.record(), this.owned, WORD);
  }
}

export function compared(who: string, wanted: Got, got: Got): Compared {
  return { who, wanted, got };
}

/** Whether somebody gets in. */
export async function comparedTo(who: string, wanted: Got, answer: Promise<Answer>): Promise<Compared> {
  return { who, wanted, got: gotOf(await answer) };
}
