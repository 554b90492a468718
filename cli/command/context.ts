import { styleText } from 'node:util';
import { printableJson } from '../output/printable.ts';
import type { World } from '../world.ts';
import type { CommonValues } from './options.ts';

/** What a command is given: the world, the common options, and how to answer. */
export class Context {
  readonly world: World;
  readonly common: CommonValues;

  constructor(world: World, common: CommonValues) {
    this.world = world;
    this.common = common;
  }

  get isJson(): boolean {
    return this.common.json === true;
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
