import type { Faults } from '../faults.ts';
import type { Random } from '../random.ts';
import { newProcess, type Process, type Schedule } from '../schedule.ts';

type Storage = Pick<DurableObjectStorage, 'get' | 'put' | 'getAlarm' | 'setAlarm'>;

const platform = newProcess('platform');

/**
 * An object's own storage and its alarm. The platform checks here that an instance is still the one: a stale one
 * gets an error, and from then on nothing that it says leaves it.
 */
export class ObjectStorage {
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #onAlarm: () => void;
  readonly #values = new Map<string, unknown>();
  #alarmAt: number | null = null;

  constructor(schedule: Schedule, random: Random, faults: Faults, onAlarm: () => void) {
    this.#schedule = schedule;
    this.#random = random;
    this.#faults = faults;
    this.#onAlarm = onAlarm;
  }

  /** The storage as one instance sees it: reads come from its cache at once. `onStale` cuts the instance off. */
  forInstance(process: Process, onStale: () => void): Storage {
    const beLive = () => {
      if (!process.isStale) return;
      onStale();
      throw new Error('this object has been superseded');
    };
    const written = async () => {
      await this.#schedule.sleep(process, this.#random.between(0, 1), 'storage');
      beLive();
    };
    const storage = {
      get: async (key: string) => {
        beLive();
        return this.#values.get(key);
      },
      put: async (key: string, value: unknown) => {
        await written();
        this.#values.set(key, structuredClone(value));
      },
      getAlarm: async () => {
        beLive();
        return this.#alarmAt;
      },
      setAlarm: async (time: number) => {
        await written();
        this.#alarmAt = time;
        this.#plan(time, process.clockOffset);
      },
    };
    return storage as Storage;
  }

  /** A handler that was cut short is called again: alarms come at least once. */
  ringAgain(): void {
    this.#schedule.after(platform, 2_000, 'alarm again', this.#onAlarm);
  }

  #plan(time: number, clockOffset: number): void {
    const lateness = this.#faults.strikes('alarm_late') ? this.#random.between(100, 20_000) : 0;
    const delay = time - (this.#schedule.now + clockOffset) + lateness;
    this.#schedule.after(platform, delay, 'alarm', () => {
      if (this.#alarmAt !== time) return;
      this.#alarmAt = null;
      this.#onAlarm();
    });
  }
}
