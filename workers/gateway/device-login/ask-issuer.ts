import { Refused } from '@countersign/protocol/problem';

const TIMEOUT_MS = 5_000;
/** Bytes. What an issuer says of itself has a few thousand, and a token too. */
const LARGEST_ANSWER = 65_536;

export interface IssuerAnswer {
  readonly isOk: boolean;
  readonly status: number;
  readonly body: unknown;
}

/** Asks an issuer for JSON; a form is posted. Redirects are not followed. Throws `Refused` where no sense comes back. */
export async function askIssuer(url: string, form?: Readonly<Record<string, string>>): Promise<IssuerAnswer> {
  try {
    const response = await fetch(url, {
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body: unknown = JSON.parse(await textOf(response));
    return { isOk: response.ok, status: response.status, body };
  } catch (cause) {
    throw unavailable(cause);
  }
}

export function unavailable(cause?: unknown): Refused {
  return new Refused(
    { code: 'issuer_unavailable', message: 'the identity provider gives no answer that can be used' },
    { cause },
  );
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER) throw new RangeError('the answer is too large');
    chunks.push(chunk);
  }
  return new TextDecoder().decode(await new Blob(chunks).arrayBuffer());
}
