import { type Answered, type CommitWatch, RECEIPT_HASH } from './commit-watch.ts';

const HEADER = 4;
const QUERY = 0x03;
const OK = 0x00;
const ERROR = 0xff;
/** The flags of an OK packet stand after its first byte and two counts, which are 0 after a COMMIT. */
const FLAGS_AT = 3;
const MORE_RESULTS = 0x08;
const COMMIT = Buffer.from('COMMIT');

/** MySQL's protocol: the runner's transaction is one query of several statements, of which COMMIT is the last. */
export class MysqlWatch implements CommitWatch {
  #rest = Buffer.alloc(0);

  sent(bytes: Buffer): boolean {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    let commits = false;
    for (const { payload, rest } of packets(this.#rest)) {
      commits = (payload[0] === QUERY && isWrite(payload)) || commits;
      this.#rest = rest;
    }
    return commits;
  }

  /** Only the last result says that none follows. */
  answered(bytes: Buffer): Answered {
    for (const { payload, rest } of packets(bytes)) {
      if (payload[0] === ERROR) return 'nothing_written';
      if (rest.length === 0 && isLastOk(payload))
        return bytes.includes(RECEIPT_HASH) ? 'committed' : 'nothing_written';
    }
    return 'open';
  }
}

function isWrite(payload: Buffer): boolean {
  const end = payload.subarray(-COMMIT.length - 1);
  return end.includes(COMMIT) && /INSERT INTO \S*receipts/.test(payload.toString('latin1'));
}

function isLastOk(payload: Buffer): boolean {
  const [kind, changed, inserted] = payload;
  if (kind !== OK || changed !== 0 || inserted !== 0 || payload.length < FLAGS_AT + 2) return false;
  return (payload.readUInt16LE(FLAGS_AT) & MORE_RESULTS) === 0;
}

function* packets(bytes: Buffer) {
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const end = at + HEADER + bytes.readUIntLE(at, 3);
    if (end > bytes.length) return;
    yield { payload: bytes.subarray(at + HEADER, end), rest: bytes.subarray(end) };
    at = end;
  }
}
