import type { Needs } from '../turn/needs.ts';
import type { ControlAsk } from './control-asks.ts';
import { controlKey } from './control-body.ts';

/** The rows that a rule about the registry is sure to look at. */
export function addControlNeeds(needs: Needs, ask: ControlAsk): void {
  const { kind, name } = ask.type === 'save-control' ? ask.request : ask;
  needs.rows.controls.add(controlKey(kind, name));
  if (ask.type !== 'save-control') needs.rows.settings.add('control');
}
