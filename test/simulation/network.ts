import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { errorCodes } from '@countersign/protocol/error-codes';
import type { Faults } from './faults.ts';
import type { ObjectHost } from './platform/object-host.ts';
import type { Random } from './random.ts';
import { newProcess, type Process, type Schedule } from './schedule.ts';

/** Where requests arrive: whichever instance is there then will take them. */
export const wire = newProcess('wire');
const PATIENCE_MS = 45_000;

/** The way from a client through the gateway to the object: what goes over it may be lost, doubled or late. */
export class Network {
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #host: ObjectHost;
  readonly #underWay = new Set<number>();
  #sent = 0;

  constructor(schedule: Schedule, random: Random, faults: Faults, host: ObjectHost) {
    this.#schedule = schedule;
    this.#random = random;
    this.#faults = faults;
    this.#host = host;
  }

  /** Asks once. Undefined: no answer came, and nothing is known. */
  ask(client: Process, call: Call): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      const patience = this.#schedule.after(client, PATIENCE_MS, 'patience ends', () => resolve(undefined));
      const onReply = (reply: Reply) => {
        if (this.#faults.strikes('answer_lost')) return;
        this.carry('answer_delayed', client, () => {
          patience.run = undefined;
          resolve(reply);
        });
      };
      if (this.#faults.strikes('request_lost')) return;
      const arrive = () => this.#host.call(call, onReply);
      this.carry('request_delayed', wire, arrive);
      if (this.#faults.strikes('request_doubled')) this.carry('request_delayed', wire, arrive);
    });
  }

  /**
   * Asks until there is an answer that says more than that one should try again. `tries` bounds it; undefined: the
   * client gave up and knows nothing.
   */
  async insist(client: Process, call: Call, tries: number): Promise<Reply | undefined> {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      if (attempt > 0) await this.#schedule.sleep(client, this.#random.between(20, 1_500), 'back off');
      const reply = await this.ask(client, call);
      if (reply !== undefined && !isPassing(reply)) return reply;
    }
    return undefined;
  }

  /** Brings something to the other side, after a while that is sometimes long. */
  carry(slow: 'request_delayed' | 'answer_delayed', receiver: Process, arrive: () => void): void {
    const delay = this.#faults.strikes(slow) ? this.#random.between(50, 20_000) : this.#random.between(0, 4);
    this.#sent += 1;
    const place = this.#sent;
    this.#underWay.add(place);
    this.#schedule.after(receiver, delay, 'message', () => {
      this.#underWay.delete(place);
      for (const other of this.#underWay) {
        if (other < place) {
          this.#faults.note('message_overtaken');
          break;
        }
      }
      arrive();
    });
  }
}

/** Whether the same request may succeed a moment later. */
function isPassing(reply: Reply): boolean {
  return !reply.ok && errorCodes[reply.refusal.code].retryable;
}
