import { type Heartbeat, type Registration, TOKEN_SCOPE } from '@countersign/protocol/runner-messages';
import type { RunnerConfig } from '../config/runner-config.ts';
import { runnerVersion } from '../version.ts';

/** How the runner tells a control plane what it is and which sources it serves. */
export function registrationOf(config: RunnerConfig, sourceIds: readonly string[]): Registration {
  const served = sourceIds.map((id) => config.sources[id]?.engine).filter((engine) => engine !== undefined);
  return {
    schema_version: 'synapsor.runner-registration.v1',
    protocol_version: 'synapsor.runner-control.v1',
    runner_id: config.runner_id,
    runner_version: runnerVersion,
    engines: [...new Set(served)],
    capabilities: capabilitiesOf(config),
    scope: { project_id: config.control_plane.project_id ?? TOKEN_SCOPE, source_ids: [...sourceIds] },
    registered_at: new Date().toISOString(),
  };
}

function capabilitiesOf({ executors, sources, tasks }: RunnerConfig): string[] {
  return [
    ...(Object.keys(sources).length === 0 ? [] : ['writeback:claim', 'writeback:complete']),
    ...(Object.keys(executors).length === 0 ? [] : ['action:claim', 'action:confirm']),
    ...(tasks === undefined ? [] : ['task:claim', 'task:complete']),
  ];
}

export function heartbeatOf(
  runnerId: string,
  sourceIds: readonly string[],
  status: 'online' | 'draining',
): Heartbeat {
  return { runner_id: runnerId, runner_version: runnerVersion, source_ids: [...sourceIds], status };
}
