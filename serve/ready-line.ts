import * as z from 'zod';

const readyLineSchema = z.strictObject({ event: z.literal('ready'), url: z.url() });

/** Tells whoever started this process that it serves, and where: one JSON line on stdout. */
export function announceReady(url: string): void {
  const line: z.infer<typeof readyLineSchema> = { event: 'ready', url };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The address in a line that `announceReady` wrote, or null for any other line. */
export function readReadyLine(line: string): string | null {
  if (!line.startsWith('{')) return null;
  try {
    return readyLineSchema.parse(JSON.parse(line)).url;
  } catch {
    return null;
  }
}
