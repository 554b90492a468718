/** The messages of a socket, one at a time, none lost between two waits. */
export class Inbox {
  readonly #socket: WebSocket;
  readonly #messages: string[] = [];
  #isClosed = false;
  #arrival = Promise.withResolvers<void>();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.#messages.push(String(data));
      this.#arrival.resolve();
    });
    for (const end of ['close', 'error'] as const) {
      socket.addEventListener(end, () => {
        this.#isClosed = true;
        this.#arrival.resolve();
      });
    }
  }

  /** Whether nothing can come any more. */
  get isOver(): boolean {
    return this.#isClosed && this.#messages.length === 0;
  }

  /** The next message, or undefined when none comes within the time or the socket is over. */
  async next(milliseconds: number): Promise<string | undefined> {
    if (this.#messages.length === 0 && !this.#isClosed) {
      this.#arrival = Promise.withResolvers();
      await within(milliseconds, this.#arrival.promise);
    }
    return this.#messages.shift();
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** Ends the socket; whatever was sent and not acknowledged is taken back by the other end. */
  close(): void {
    this.#socket.close(1000, 'done');
  }
}

async function within(milliseconds: number, arrival: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([arrival, late]);
  clearTimeout(timer);
}
