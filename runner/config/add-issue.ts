import type * as z from 'zod';

/** Adds what a check found to a schema's issues; nothing when it found nothing. */
export function addIssue(context: z.RefinementCtx, message: string | undefined, path: string[] = []): void {
  if (message !== undefined) context.addIssue({ code: 'custom', path, message });
}
