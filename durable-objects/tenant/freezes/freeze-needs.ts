import type { Needs } from '../turn/needs.ts';
import type { FreezeAsk } from './freeze-asks.ts';

/** The rows that a rule about freezes is sure to look at, besides the list of them. */
export function addFreezeNeeds(needs: Needs, ask: FreezeAsk): void {
  if (ask.type === 'lift-freeze') return;
  if (ask.type === 'emergency-stop') {
    if (ask.runnerId !== null) needs.rows.runners.add(ask.runnerId);
    return;
  }
  const { scope } = ask;
  if (scope.kind === 'source') needs.rows.sources.add(scope.id);
  if (scope.kind === 'contract') needs.rows.contracts.add(scope.id);
  if (scope.kind === 'agent') needs.rows.credentials.add(scope.id);
  if (scope.kind === 'runner') needs.rows.runners.add(scope.id);
}
