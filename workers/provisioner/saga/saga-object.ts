import { DurableObject } from 'cloudflare:workers';
import { faultFields } from '@countersign/protocol/log/fault-fields';
import { log } from '@countersign/protocol/log/log';
import type { Provision } from '@countersign/protocol/provisioning/provision-wish';
import {
  LONGEST_LOOK_SECONDS,
  type Owner,
  type Progress,
  type ProgressQuery,
  type Told,
} from '@countersign/protocol/provisioning/provisioning-requests';
import { meansOf } from '../means-of.ts';
import type { ProvisionerEnv } from '../settings.ts';
import { allSteps } from '../steps/all-steps.ts';
import { dueAt } from './advance.ts';
import { newSagaIds } from './new-saga-ids.ts';
import { runSaga, type SagaHost } from './run-saga.ts';
import { newSaga, progressOf, type Saga } from './saga.ts';

const SAGA = 'saga';

/**
 * One label's provisioning: what is done is stored before and after, so whoever wakes goes on. The alarm is the engine,
 * and is armed before anything is begun.
 */
export class SagaObject extends DurableObject<ProvisionerEnv> {
  #running: Promise<Saga> | undefined;
  readonly #watchers = new Set<() => void>();

  /** Begins, and answers once the label is this owner's or is known to be somebody else's. */
  async begin(owner: Owner, wish: Provision): Promise<Told<Progress>> {
    const known = await this.#stored();
    if (known !== undefined && known.state !== 'undone') {
      if (known.owner.person !== owner.person)
        return refused('label_taken', `the label ${wish.label} is taken`);
      return { ok: true, body: progressOf(wish, known) };
    }
    await this.ctx.storage.setAlarm(Date.now());
    await this.#store(newSaga({ ...newSagaIds(Date.now()), owner, wish, begunAt: Date.now() }));
    const saga = await this.#go(1);
    const failed = saga.failure?.trouble;
    if (failed === 'label_taken') return refused('label_taken', `the label ${wish.label} is taken`);
    if (failed === 'tenant_limit')
      return refused('tenant_limit', 'you have as many projects as one person may have here');
    return { ok: true, body: progressOf(wish, saga) };
  }

  /** How far it has come; held until it has another revision than the caller has seen. */
  async look(owner: Owner, { after, wait_seconds }: ProgressQuery): Promise<Told<Progress>> {
    const until = Date.now() + Math.min(wait_seconds, LONGEST_LOOK_SECONDS) * 1_000;
    for (;;) {
      const saga = await this.#stored();
      if (saga === undefined || saga.owner.person !== owner.person) {
        return refused('provisioning_not_found', 'you have asked for no project with this label');
      }
      const isNews = saga.revision !== after || saga.state === 'done' || saga.state === 'undone';
      if (isNews || Date.now() >= until) return { ok: true, body: progressOf(saga.wish, saga) };
      await this.#news(until - Date.now());
    }
  }

  /** Forgets how this tenant came to be, when it has ended; another's saga of the same label stays. */
  async forget(tenant: string): Promise<void> {
    const saga = await this.#stored();
    if (saga === undefined || saga.tenant !== tenant) return;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async alarm(): Promise<void> {
    // Before anything else: should this end in the middle, somebody wakes again.
    await this.ctx.storage.setAlarm(Date.now() + AGAIN_MS);
    const saga = await this.#go();
    const due = saga === undefined ? undefined : dueAt(saga);
    if (due === undefined) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Math.max(due, Date.now()));
  }

  /** Goes on, one at a time: a second call waits for the first and then goes on from what that has stored. */
  async #go(most?: number): Promise<Saga> {
    while (this.#running !== undefined) await this.#running;
    this.#running = this.#run(most).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(most?: number): Promise<Saga> {
    const stored = await this.#stored();
    if (stored === undefined) throw new TypeError('nothing is stored to go on with');
    const host: SagaHost = {
      steps: allSteps(meansOf(this.env)),
      store: (saga) => this.#store(saga),
      now: () => Date.now(),
      random: () => Math.random(),
      fault: (fault) => log('provisioning.fault', { ...faultFields(fault), tenant: stored.tenant }),
    };
    return runSaga(host, stored, most);
  }

  async #stored(): Promise<Saga | undefined> {
    return this.ctx.storage.get<Saga>(SAGA);
  }

  async #store(saga: Saga): Promise<void> {
    await this.ctx.storage.put(SAGA, saga);
    for (const tell of this.#watchers) tell();
    this.#watchers.clear();
  }

  async #news(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#watchers.add(resolve);
    await Promise.race([promise, scheduler.wait(milliseconds)]);
    this.#watchers.delete(resolve);
  }
}

/** How soon somebody looks after a step that nobody ended. */
const AGAIN_MS = 60_000;

function refused(
  code: 'label_taken' | 'tenant_limit' | 'provisioning_not_found',
  message: string,
): Extract<Told<Progress>, { ok: false }> {
  return { ok: false, refusal: { code, message } };
}
