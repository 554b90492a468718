import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { printableJson } from '@countersign/client/printable';
import { usageFault } from '../fault.ts';
import type { World } from '../world.ts';
import type { CommonValues } from './options.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** What a command is given: the world, the common options, and how to answer. */
export class Context {
  readonly world: World;
  readonly common: CommonValues;
  #writeKey: string | undefined;

  constructor(world: World, common: CommonValues) {
    this.world = world;
    this.common = common;
  }

  get isJson(): boolean {
    return this.common.json === true;
  }

  /**
   * One key for each time that a command is called, or the one that is given: what the network repeats, or somebody
   * says again with it, happens once. Throws `CliFault`.
   */
  takeWriteKey(): string {
    this.#writeKey ??= this.common['idempotency-key'] ?? randomUUID();
    if (!KEY.test(this.#writeKey))
      throw usageFault('--idempotency-key must be 1 to 255 printable characters');
    return this.#writeKey;
  }

  /** The key of what was written; undefined where nothing was. */
  get writeKey(): string | undefined {
    return this.#writeKey;
  }

  /** Answers: with the document for programs, else with the text. */
  answer(document: unknown, text: string): void {
    this.world.print(this.isJson ? printableJson(document) : text);
  }

  /** Says something to a person that is not the answer. */
  say(text: string): void {
    this.world.complain(text);
  }

  readonly emphasize = (text: string): string => {
    const { environment, isTerminal } = this.world;
    const { NO_COLOR, TERM } = environment;
    const isPlain = !isTerminal || (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb';
    return isPlain ? text : styleText('bold', text, { validateStream: false });
  };
}
