import { PGlite } from '@electric-sql/pglite';

const messageTypes = (letters: string) => new Set(Array.from(letters, (letter) => letter.charCodeAt(0)));

/** Parse, Bind, Describe, Execute, Close, Flush: more follows, up to the client's Sync. */
const OPENS_PIPELINE = messageTypes('PBDECH');
/** Sync, and a simple Query, which is complete by itself. */
const ENDS_PIPELINE = messageTypes('SQ');

const SYNC = wireMessage('S', '');
const ROLLBACK = wireMessage('Q', 'ROLLBACK\0');

/**
 * PGlite for several connections. The socket server passes the messages of all of them to the one session
 * in the order in which they come, and keeps to one connection only while `isInTransaction` holds. But a
 * statement with parameters is several messages: when they come in pieces, another connection's Parse can
 * get between this one's Parse and Execute, and its statement runs in place of this one's. So a pipeline
 * that is not finished counts as a transaction too.
 */
export class SharedSession extends PGlite {
  #pipelineOpen = false;

  override isInTransaction(): boolean {
    return this.#pipelineOpen || super.isInTransaction();
  }

  override async execProtocolRawStream(
    ...[message, options]: Parameters<PGlite['execProtocolRawStream']>
  ): Promise<void> {
    const type = message[0] ?? 0;
    if (OPENS_PIPELINE.has(type)) this.#pipelineOpen = true;
    if (ENDS_PIPELINE.has(type)) this.#pipelineOpen = false;
    await super.execProtocolRawStream(message, options);
  }

  /** Besides running SQL: the socket server calls this to roll back what a connection that is gone left open. */
  override async exec(...[sql, options]: Parameters<PGlite['exec']>): ReturnType<PGlite['exec']> {
    if (this.#pipelineOpen) await this.#abandonPipeline();
    return super.exec(sql, options);
  }

  /** In this order: a Sync alone would commit what ran; after an error everything up to a Sync is skipped. */
  async #abandonPipeline(): Promise<void> {
    await this.execProtocol(ROLLBACK, { throwOnError: false });
    await this.execProtocol(SYNC, { throwOnError: false });
    this.#pipelineOpen = false;
  }
}

/** A frontend message: its type, its length with the length itself, its body. */
function wireMessage(type: string, body: string): Uint8Array {
  const message = Buffer.alloc(5 + body.length);
  message.write(type);
  message.writeInt32BE(4 + body.length, 1);
  message.write(body, 5);
  return message;
}
