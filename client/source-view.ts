import * as z from 'zod';
import { text } from './tolerant.ts';

export const sourceSchema = z.looseObject({
  source_id: z.string(),
  name: text,
  engine: text,
  status: text,
});
export type SourceView = z.infer<typeof sourceSchema>;
