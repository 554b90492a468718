import { type Answered, type CommitWatch, RECEIPT_HASH } from './commit-watch.ts';

const PROTOCOL_3 = 3;
const TYPE_AND_LENGTH = 5;
const LENGTH = 4;

/** PostgreSQL's protocol, version 3: a statement that inserts a receipt is committed by the Sync after it. */
export class PostgresWatch implements CommitWatch {
  readonly #writes = new Set<string>();
  #rest = Buffer.alloc(0);
  #isStarted = false;
  #isWriting = false;

  sent(bytes: Buffer): boolean {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    let commits = false;
    if (!this.#isStarted) this.#passStartup();
    if (!this.#isStarted) return false;
    for (const { type, body, rest } of messages(this.#rest)) {
      commits = this.#take(type, body) || commits;
      this.#rest = rest;
    }
    return commits;
  }

  answered(bytes: Buffer): Answered {
    for (const { type } of messages(bytes)) {
      if (type === 'E') return 'nothing_written';
      if (type === 'Z') return bytes.includes(RECEIPT_HASH) ? 'committed' : 'nothing_written';
    }
    return 'open';
  }

  /** The first message has no type; one that is not of this version asks for TLS, and a startup follows it. */
  #passStartup(): void {
    if (this.#rest.length < LENGTH * 2) return;
    const length = this.#rest.readUInt32BE(0);
    if (this.#rest.length < length) return;
    this.#isStarted = this.#rest.readUInt16BE(LENGTH) === PROTOCOL_3;
    this.#rest = this.#rest.subarray(length);
  }

  #take(type: string, body: Buffer): boolean {
    const [first = '', second = ''] = body.toString('latin1').split('\0', 2);
    switch (type) {
      case 'P':
        if (isWrite(second)) this.#writes.add(first);
        else this.#writes.delete(first);
        return false;
      case 'B':
        this.#isWriting ||= this.#writes.has(second);
        return false;
      case 'S': {
        const commits = this.#isWriting;
        this.#isWriting = false;
        return commits;
      }
      default:
        return false;
    }
  }
}

function isWrite(sql: string): boolean {
  return /INSERT INTO \S*receipts/.test(sql);
}

function* messages(bytes: Buffer) {
  for (let at = 0; at + TYPE_AND_LENGTH <= bytes.length; ) {
    const end = at + 1 + bytes.readUInt32BE(at + 1);
    if (end > bytes.length) return;
    const type = String.fromCharCode(bytes[at] ?? 0);
    yield { type, body: bytes.subarray(at + TYPE_AND_LENGTH, end), rest: bytes.subarray(end) };
    at = end;
  }
}
