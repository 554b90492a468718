import * as z from 'zod';
import { projectQuerySchema } from './proposal-requests.ts';

/** `GET /v1/engine/health`. */
export const engineHealthQuerySchema = projectQuerySchema.extend({
  /** For operators. */
  details: z.enum(['true', 'false']).optional(),
});
