import type { ControlDocument, ControlKind, Route } from '@countersign/protocol/control/control-document';

export type ControlVersion = {
  readonly version: number;
  readonly digest: string;
  /** The entry that holds the document. */
  readonly seq: number;
};

/** A piece of the registry in force. */
export type ControlReference = {
  readonly kind: ControlKind;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly seq: number;
  /** A route's own: every task looks at all of them. */
  readonly route: Route | null;
};

export type ControlSaved = {
  readonly kind: ControlKind;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly document: ControlDocument;
};

/** Everything that happens to the registry. */
export type ControlEvent =
  | { readonly type: 'control.saved'; readonly body: ControlSaved }
  | {
      readonly type: 'control.activated';
      readonly body: ControlReference & { readonly reason: string | null; readonly by: string };
    }
  | {
      readonly type: 'control.retired';
      readonly body: {
        readonly kind: ControlKind;
        readonly name: string;
        readonly reason: string | null;
        readonly by: string;
      };
    };

export function controlKey(kind: ControlKind, name: string): string {
  return `${kind}/${name}`;
}

export function controlSubject(kind: ControlKind, name: string): string {
  return `control/${controlKey(kind, name)}`;
}
