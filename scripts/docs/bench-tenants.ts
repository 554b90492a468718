import * as z from 'zod';
import { where } from './bench-peers.ts';
import { rounded, spread, spreadSchema } from './bench-values.ts';

/** Many tenants on one plane. */
export const tenantResultsSchema = z.object({
  many_tenants: where(
    z.object({
      tenants: z.number(),
      provision_ms: z.object({ first: z.number(), last: z.number() }),
      provision_last_to_first: z.number(),
      objects: z.number(),
      objects_that_left_memory: z.number(),
      idle_kb_per_tenant: z.number(),
      woken_again_kb_per_tenant: z.number(),
      read_p50_to_alone: spreadSchema,
    }),
  ),
});

type Row = readonly [what: string, measured: string, goal: string];

/** The rows of what was measured. */
export function tenantRows({ many_tenants: many }: z.infer<typeof tenantResultsSchema>): Row[] {
  if (many === undefined) return [];
  const { first, last } = many.provision_ms;
  return [
    [
      `provisioning the last of ${many.tenants} tenants / the first`,
      `${rounded(many.provision_last_to_first)} (${rounded(last)} and ${rounded(first)} ms)`,
      '≤ 1.2',
    ],
    ['... objects that left memory when idle', `${many.objects_that_left_memory} of ${many.objects}`, 'all'],
    [
      '... KB of workerd for each idle one, more after all were awake again',
      `${rounded(many.idle_kb_per_tenant)}, ${rounded(many.woken_again_kb_per_tenant)}`,
      '',
    ],
    ['... a read of one among them / of one alone, p50', spread(many.read_p50_to_alone), '≤ 1.2'],
  ];
}
