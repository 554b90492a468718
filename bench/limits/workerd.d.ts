/* The little of workerd that the Worker of the limits uses: everything else here runs in Node, with Node's types. */

interface HeldSocket {
  readonly readyState: number;
  accept(): void;
  send(text: string): void;
  close(code: number, reason: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

declare const WebSocketPair: new () => { readonly 0: HeldSocket; readonly 1: HeldSocket };
declare const scheduler: { wait(milliseconds: number): Promise<void> };

declare module 'cloudflare:workers' {
  export interface Bound {
    readonly sql?: never;
  }

  export interface Database {
    prepare(sql: string): { bind(...parameters: readonly string[]): Bound };
    batch(statements: readonly Bound[]): Promise<unknown>;
  }

  export interface ObjectState {
    waitUntil(work: Promise<unknown>): void;
    acceptWebSocket(socket: HeldSocket): void;
    getWebSockets(): HeldSocket[];
  }

  export abstract class DurableObject<Env> {
    protected readonly ctx: ObjectState;
    protected readonly env: Env;
  }
}
