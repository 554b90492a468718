import type { Minted } from '../credentials/credential-asks.ts';

/** The first service account in exchange for the installation's bootstrap token, which the gateway has compared. */
export type BootstrapAsk = {
  readonly type: 'bootstrap';
  readonly minted: Minted;
  readonly name: string;
  /** Unix milliseconds; the usual where null. */
  readonly expiresAt: number | null;
};
