import * as z from 'zod';

// What is read of the answers of the API, and no more: unknown fields pass, since Fly adds some at any time. Shapes by
// fly.io/docs/machines/api/apps-resource, .../machines-resource, and docs.machines.dev for checks, hosts and secrets.

/**
 * The page of custom private networks says that only the list tells an app's network; the details tell it as well to
 * Fly's own client (superfly/fly-go, flaps/flaps_apps.go).
 */
const network = z.string().nullish();

/** An empty list of Go may be written as null. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullable()
    .transform((list) => list ?? []);
}

export const appSchema = z.object({ network, organization: z.object({ slug: z.string() }) });
export const appListSchema = z.object({ apps: listOf(z.object({ name: z.string(), network })) });

const configSchema = z.object({ metadata: z.record(z.string(), z.string()).nullish() }).nullish();

export const machineSchema = z.object({
  /** It becomes part of paths. */
  id: z.string().regex(/^[0-9a-z]{1,64}$/),
  name: z.string(),
  state: z.string(),
  /** Of the machine's current version. */
  instance_id: z.string(),
  config: configSchema,
  /** What is left of it to show while the host is away (`host_status`). */
  incomplete_config: configSchema,
  checks: z.array(z.object({ name: z.string(), status: z.string() })).nullish(),
});
export type FlyMachine = z.infer<typeof machineSchema>;
export const machineListSchema = listOf(machineSchema);

// What follows is read only to know a yes of the API from a page of something in between.
export const madeAppSchema = z.object({ id: z.string() });
export const madeMachineSchema = machineSchema.pick({ id: true });
/** Of a stop, and of a wait. */
export const okSchema = z.object({ ok: z.literal(true) });
export const startedMachineSchema = z.object({ previous_state: z.string() });

export const setSecretSchema = z.object({ version: z.int().min(0) });
export const secretListSchema = z.object({ secrets: listOf(z.object({ name: z.string() })) });
