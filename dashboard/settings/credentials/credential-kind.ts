import type { WriteOptions } from '@countersign/client/http';
import type { ReactElement } from 'react';
import type { Column } from '../../forms/data-table.tsx';
import type { Secret } from '../../forms/secret-dialog.tsx';

/** What the list of credentials of one kind must be told. */
export interface Kind<View> {
  /** As the address has it. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** One of them: `runner token`. */
  readonly noun: string;
  readonly empty: string;
  readonly columns: readonly Column<View>[];
  readonly idOf: (view: View) => string;
  read(
    page: { readonly limit: number; readonly cursor: string | undefined },
    signal: AbortSignal,
  ): Promise<{ readonly rows: readonly View[]; readonly next: string | null | undefined }>;
  /** Makes a secret that takes over; the old one goes on for so many seconds. */
  rotate(id: string, overlapSeconds: number, options: WriteOptions): Promise<Secret>;
  revoke(id: string, reason: string | undefined, options: WriteOptions): Promise<unknown>;
  readonly createDialog: (onDone: (made: Secret) => void, onClose: () => void) => ReactElement;
}

/** What every credential shows. */
export interface CommonView {
  readonly name?: string | null | undefined;
  readonly status?: string | null | undefined;
  readonly last_used_at?: string | null | undefined;
  readonly expires_at?: string | null | undefined;
}
