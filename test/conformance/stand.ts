import type { Caller } from './caller.ts';

/** What must be there before the clients begin (PROTOCOL 6.1): a project, a source in it, and a person signed in. */
export interface Stand {
  readonly origin: string;
  readonly project: string;
  /** The source, by its id at the plane. */
  readonly source: string;
  /** Somebody who may do everything in the project. */
  readonly human: Caller;
  /** The same, who has signed in a second time: a session that may be ended. */
  signInAgain(): Promise<Caller>;
  /** Somebody enters the code of a device login that they were shown, and allows it; or cancels. */
  enterCode(userCode: string, decision: 'allowed' | 'canceled'): void;
  /** Who brings no credential. */
  readonly nobody: Caller;
  /** A client with another credential. */
  bearing(token: string, kind: 'human' | 'service' | 'runner'): Caller;
}
