import * as z from 'zod';

const codes = [
  'already_running',
  'address_unusable',
  'config_invalid',
  'copy_failed',
  'key_in_use',
  'key_unknown',
  'keys_busy',
  'keys_full',
  'not_answering',
  'not_running',
  'not_stopped',
  'plane_ended',
  'port_taken',
  'secrets_unusable',
  'store_in_use',
  'store_newer',
  'store_unusable',
  'tenant_exists',
] as const;
export type ServeFaultCode = (typeof codes)[number];

/** What a fault says, and what of it goes from one process to another. */
export const faultFactsSchema = z.strictObject({
  code: z.enum(codes),
  /** What happened. */
  message: z.string(),
  /** What is still true. */
  holds: z.string(),
  /** What to do. */
  next: z.string(),
});

export type ServeFaultFacts = z.infer<typeof faultFactsSchema>;

/** Why a plane cannot be served, found or stopped, in words for the person at the console. Holds no secret. */
export class ServeFault extends Error {
  override name = 'ServeFault';
  readonly code: ServeFaultCode;
  readonly holds: string;
  readonly next: string;

  constructor({ code, message, holds, next }: ServeFaultFacts, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.holds = holds;
    this.next = next;
  }

  get facts(): ServeFaultFacts {
    const { code, message, holds, next } = this;
    return { code, message, holds, next };
  }
}

const lineSchema = z.strictObject({ event: z.literal('refused'), fault: faultFactsSchema });

/** A fault as one line for whoever started this process. */
export function faultLine({ facts }: ServeFault): string {
  const line: z.infer<typeof lineSchema> = { event: 'refused', fault: facts };
  return JSON.stringify(line);
}

/** The fault in a line that `faultLine` made, or null for any other line. */
export function readFaultLine(line: string): ServeFault | null {
  if (!line.startsWith('{')) return null;
  try {
    return new ServeFault(lineSchema.parse(JSON.parse(line)).fault);
  } catch {
    return null;
  }
}
