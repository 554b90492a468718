import { flyMachines } from '@countersign/provisioner/hosting/fly-machines';
import { flySettings } from '@countersign/provisioner/hosting/fly-settings';
import * as z from 'zod';
import { APP, HOSTING_TOKEN, ORGANIZATION, TENANT } from './fly-samples.ts';
import { provision } from './provision.ts';

const wantedSchema = z.strictObject({ baseUrl: z.string(), mostMs: z.number() });

const worker = {
  /** Provisions a runner with the platform's own means, waits for it, and looks at what there is. */
  async fetch(request: Request): Promise<Response> {
    const { baseUrl, mostMs } = wantedSchema.parse(await request.json());
    const settings = flySettings({ baseUrl, organization: ORGANIZATION, token: HOSTING_TOKEN });
    const hosting = flyMachines(settings, TENANT, {
      fetch,
      now: Date.now,
      random: Math.random,
      sleep: (ms) => scheduler.wait(ms),
      deadline: (ms) => AbortSignal.timeout(Math.min(ms, mostMs)),
    });
    const machineId = await provision(hosting);
    await hosting.awaitHealthy(APP, machineId, 20_000);
    return Response.json({ machineId, seen: await hosting.lookAt(APP), end: await hosting.removeApp(APP) });
  },
};

// biome-ignore lint/style/noDefaultExport: workerd takes the handlers of a Worker from its default export.
export { worker as default };
