/** The form in which an answer is its first line, and more may follow that says nothing. */
export const LINES = 'application/x-ndjson';

/** How long what follows the answer is read, so that the server learns that the answer arrived. */
const REST_MS = 2_000;

export function isLined({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith(LINES) === true;
}

/**
 * The first line that is not blank, as soon as it is there; whatever came, when there is none. What follows is read
 * to its end behind the caller's back: to hang up here would tell the server that nobody got the answer.
 */
export async function firstLine({ body }: Response): Promise<string> {
  if (body === null) return '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
    const line = text.trimStart();
    const end = line.indexOf('\n');
    if (end < 0) continue;
    void readOn(reader);
    return line.slice(0, end);
  }
}

async function readOn(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  // Its timer keeps no process alive.
  const enough = AbortSignal.timeout(REST_MS);
  const leave = () => void reader.cancel().catch(() => undefined);
  enough.addEventListener('abort', leave, { once: true });
  try {
    while (!(await reader.read()).done);
  } catch {
    // The answer is here; that the connection breaks now tells nothing more.
  } finally {
    enough.removeEventListener('abort', leave);
  }
}
