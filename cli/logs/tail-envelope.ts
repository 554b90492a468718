import * as z from 'zod';

/** What `wrangler tail --format json` prints of one event of a Worker, as far as it is looked at. */
const envelopeSchema = z.looseObject({
  logs: z.array(z.looseObject({ message: z.unknown() })),
  exceptions: z
    .array(z.looseObject({ name: z.unknown(), message: z.unknown() }))
    .optional()
    .catch(undefined),
});

/** Characters. An object that is longer is none of wrangler's, and must not fill the memory. */
const LONGEST = 4 * 1024 * 1024;

/**
 * Lines of a log from lines that may be wrangler's: it prints each event as JSON of many lines, from a `{` to a `}` that
 * stand alone. All others are handed on as they are.
 */
export async function* unwrapped(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let held: string[] = [];
  let length = 0;
  for await (const line of lines) {
    if (held.length === 0 && line !== '{') {
      yield* messagesIn(line) ?? [line];
      continue;
    }
    held.push(line);
    length += line.length;
    if (line !== '}' && length <= LONGEST) continue;
    yield* messagesIn(held.join('\n')) ?? held;
    held = [];
    length = 0;
  }
  yield* held;
}

/** What a Worker printed during one event; undefined for what is no such event. */
function messagesIn(text: string): readonly string[] | undefined {
  const parsed = envelopeSchema.safeParse(jsonIn(text));
  if (!parsed.success) return undefined;
  const { exceptions = [], logs } = parsed.data;
  return [
    ...logs.map(({ message }) => textOf(message)),
    ...exceptions.map(({ name, message }) => `${String(name)}: ${String(message)}`),
  ];
}

/** The arguments of one call of the console. */
function textOf(message: unknown): string {
  const parts: readonly unknown[] = Array.isArray(message) ? message : [message];
  return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ');
}

function jsonIn(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
