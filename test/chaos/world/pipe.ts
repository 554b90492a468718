import type { Socket } from 'node:net';

/** One direction of a line: what is pushed is written in order, each piece when its delay is over. */
export class Pipe {
  readonly #to: Socket;
  readonly #waiting: { readonly bytes: Buffer; readonly due: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(to: Socket) {
    this.#to = to;
  }

  push(bytes: Buffer, delayMs: number): void {
    if (delayMs === 0 && this.#waiting.length === 0) {
      this.#write(bytes);
      return;
    }
    this.#waiting.push({ bytes, due: performance.now() + delayMs });
    this.#timer ??= this.#wake();
  }

  #wake(): NodeJS.Timeout | undefined {
    const [next] = this.#waiting;
    if (next === undefined) return undefined;
    return setTimeout(
      () => {
        this.#waiting.shift();
        this.#write(next.bytes);
        this.#timer = this.#wake();
      },
      Math.max(0, next.due - performance.now()),
    );
  }

  #write(bytes: Buffer): void {
    if (this.#to.writable) this.#to.write(bytes);
  }
}
