import type { Page } from 'playwright-core';
import type { PersonName } from '../support/stage.ts';

/** What the stage was set with, by ids. */
export interface ShownIds {
  /** Waits for one approval, and is the one that is open in the inbox. */
  readonly pending: string;
  /** Was written, with its receipt. */
  readonly applied: string;
  /** Came too late: somebody had changed the row. */
  readonly conflict: string;
  /** A letter that is decided with its change. */
  readonly tied: string;
  /** A refund of which nobody can tell whether it has happened. */
  readonly unknown: string;
  /** Steps that follow each other, with a join. */
  readonly run: string;
  readonly contract: string;
  /** The label of a project in which nobody has done anything. */
  readonly fresh: string;
  /** The id of a project that was put away. */
  readonly kept: string;
}

/** A page as it is photographed. */
export interface ShownPage {
  /** Of the file. */
  readonly name: string;
  /** Who looks; undefined: nobody has signed in. */
  readonly as: PersonName | undefined;
  readonly path: (ids: ShownIds) => string;
  /** Opens what is to be seen, and ends once it is there. */
  show(page: Page): Promise<unknown>;
}
