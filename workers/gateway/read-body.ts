import { Buffer } from 'node:buffer';
import { Refused } from '@countersign/protocol/problem';
import { refuseUnstorableText } from '@countersign/protocol/storable-text';

/** Bytes. A change set is a few kilobytes; what is larger is no change set. */
export const LARGEST_BODY = 262_144;
/** What is too large is read to here and dropped: a client that is cut off while it sends never sees why. */
const MOST_READ = 16_777_216;

/** The request's JSON body; an empty one is `{}`. Throws `Refused`. */
export async function readBody(request: Request): Promise<unknown> {
  const bytes = await readBounded(request);
  if (bytes.length === 0) return {};
  refuseOtherTypes(request);
  const body = parse(bytes);
  refuseUnstorableText(body);
  return body;
}

function refuseOtherTypes({ headers }: Request): void {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json' || headers.has('content-encoding')) {
    throw new Refused({
      code: 'unsupported_media_type',
      message: 'send the body as application/json, without encoding',
    });
  }
}

/** Keeps no more than is allowed, whatever the length header promises. */
async function readBounded(request: Request): Promise<Uint8Array> {
  // HTTP ends a body at its promised length, so a small promise can be read in one go, which is much cheaper.
  const promised = Number(request.headers.get('content-length') ?? Number.NaN);
  if (promised <= LARGEST_BODY) return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size <= LARGEST_BODY) chunks.push(chunk);
    if (size > MOST_READ) break;
  }
  if (size > LARGEST_BODY) throw tooLarge();
  return Buffer.concat(chunks);
}

function tooLarge(): Refused {
  return new Refused({ code: 'body_too_large', message: `a body may have ${LARGEST_BODY} bytes` });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    throw new Refused({ code: 'invalid_json', message: 'the body is not valid JSON in UTF-8' });
  }
}
