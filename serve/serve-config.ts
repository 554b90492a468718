import { backupSettingsShape } from '@countersign/protocol/backup/backup-settings';
import { issuersSchema } from '@countersign/protocol/gateway-settings';
import { limitsSettingSchema } from '@countersign/protocol/limits';
import { labelSchema } from '@countersign/protocol/provisioning/label';
import { foreignIdSchema } from '@countersign/protocol/values';
import * as z from 'zod';

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

export const USUAL_PORT = 8787;
const MOST_SOURCES = 100;

const listenSchema = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1'),
    port: z.int().min(1).max(65_535).default(USUAL_PORT),
    behind_tls_proxy: z.boolean().default(false),
  })
  .refine(({ host, behind_tls_proxy }) => isLoopback(host) || behind_tls_proxy, {
    path: ['host'],
    error:
      'can be reached from other machines, and the plane itself speaks plain HTTP: put a proxy before it that speaks TLS and say "behind_tls_proxy": true, or listen on 127.0.0.1',
  });

/** Where a secret is. A secret itself never stands in the configuration, which is copied, printed and committed. */
const secretReferenceSchema = z.union(
  [
    z.strictObject({
      env: z.string().regex(/^[A-Za-z_]\w{0,127}$/, 'must be the name of an environment variable, not a key'),
    }),
    z.strictObject({ file: z.string().min(1) }),
  ],
  { error: 'must name where the keys are: {"env": "NAME"} or {"file": "path"}, never the keys themselves' },
);
export type SecretReference = z.infer<typeof secretReferenceSchema>;

const firstProjectSchema = z.strictObject({
  project_id: foreignIdSchema,
  label: labelSchema,
  sources: z
    .array(
      z.strictObject({
        source_id: foreignIdSchema,
        name: z.string().min(1).max(200),
        engine: z.enum(['postgres', 'mysql']),
      }),
    )
    .max(MOST_SOURCES)
    .default([]),
});
export type FirstProject = z.infer<typeof firstProjectSchema>;

/** The configuration of a plane on this machine, as it stands in its file. */
export const serveConfigSchema = z.strictObject({
  listen: listenSchema.prefault({}),
  /** The folder of all that is kept. */
  store: z.string().min(1),
  issuers: issuersSchema,
  secrets: z
    .strictObject({
      token_mac_keys: secretReferenceSchema.optional(),
      /** Exchanged once for the first service account. */
      bootstrap_token: secretReferenceSchema.optional(),
      snapshot_keys: secretReferenceSchema.optional(),
    })
    .default({}),
  /** Made when the store does not have it: a project with nobody in it yet, for a first run. */
  first_project: firstProjectSchema.optional(),
  /** Copies of the records go to this folder; nothing is copied where none is named. */
  backups: z.strictObject({ folder: z.string().min(1), ...backupSettingsShape }).optional(),
  /** `anyone`: whoever can sign in may have a project of their own. */
  sign_up: z.literal('anyone').optional(),
  /** The project of a person's request that names none. */
  default_project: z.string().min(1).optional(),
  log: z.string().min(1).optional(),
  /** Of projects, by name: those that are not the usual ones. */
  limits: limitsSettingSchema.optional(),
});
export type ServeConfig = z.infer<typeof serveConfigSchema>;

/** Whether an address is this machine's own and no other machine can reach it. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_HOST.test(host);
}
