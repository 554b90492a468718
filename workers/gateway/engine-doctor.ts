import type { Address } from '@countersign/durable-objects/tenant/hold';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { clockFinding, doctorReportSchema } from '@countersign/protocol/doctor-report';
import { examinePlane } from './examine-plane.ts';
import type { GatewayEnv } from './settings.ts';
import { callTenant } from './tenant-calls.ts';

/** The tenant's findings, which it gives to those who may have them, and with them the gateway's own. */
export async function engineDoctor(env: GatewayEnv, address: Address, call: Call): Promise<Reply> {
  const before = Date.now();
  const reply = await callTenant(env, address, call);
  const after = Date.now();
  if (!reply.ok) return reply;
  const { findings, server_time } = doctorReportSchema.parse(reply.body);
  const clock = clockFinding('clock of the tenant object', Date.parse(server_time), [before, after]);
  const own = await examinePlane(env);
  return {
    ...reply,
    body: { ...reply.body, findings: [...own, ...findings, clock], server_time: new Date().toISOString() },
  };
}
