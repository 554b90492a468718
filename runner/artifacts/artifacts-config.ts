import { isIP } from 'node:net';
import * as z from 'zod';
import { addIssue } from '../config/add-issue.ts';
import { secretReferenceSchema } from '../config/secret.ts';
import { baseUrlFault } from '../executors/executor-url.ts';
import { isArtifactKey } from './artifact-name.ts';

const MOST_PREFIX = 200;

/** The one store of a runner: any that speaks the S3 API. */
export const artifactsConfigSchema = z
  .strictObject({
    /** Of the service, without the bucket. */
    endpoint: z.string(),
    /** As the store calls it; requests are signed for it. R2 has `auto`. */
    region: z.string().regex(/^[a-z0-9-]{1,63}$/, 'must be the name of a region, as eu-central-1 or auto'),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket, without a path'),
    /** What all names begin with, as `countersign/`. */
    prefix: z
      .string()
      .max(MOST_PREFIX)
      .refine(
        (text) => text === '' || (text.endsWith('/') && isArtifactKey(text.slice(0, -1))),
        'must be empty or end in /, and be made of letters, digits and . _ - = between slashes',
      )
      .default(''),
    access_key_id: secretReferenceSchema,
    secret_access_key: secretReferenceSchema,
    /** Whether the bucket is named in the path, which every store understands, or in front of the host. */
    path_style: z.boolean().default(true),
    /** For one request; at least one more reads back what was stored. */
    timeout_ms: z.int().min(100).max(600_000).default(30_000),
    allow_private: z.boolean().default(false),
  })
  .superRefine((config, context) => {
    const fault = baseUrlFault(config.endpoint, config.allow_private);
    addIssue(context, fault, ['endpoint']);
    if (fault === undefined && !config.path_style) addIssue(context, hostStyleFault(config), ['path_style']);
  });
export type ArtifactsConfig = z.infer<typeof artifactsConfigSchema>;

/** What keeps a bucket from being part of the host's name. */
function hostStyleFault({ bucket, endpoint }: { bucket: string; endpoint: string }): string | undefined {
  const { hostname, pathname } = new URL(endpoint);
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return 'must be true where endpoint is an address';
  if (pathname !== '/') return 'must be true where endpoint has a path';
  // A certificate for *.s3.example.com is for one name more, not for two.
  return bucket.includes('.') ? 'must be true where the name of the bucket has a dot' : undefined;
}
