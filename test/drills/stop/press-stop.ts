import { must } from '../../support/must.ts';
import type { ClockSample } from './clock-difference.ts';
import type { Pressed } from './facts.ts';
import type { Stage } from './stage/stage.ts';

/** More would tell little more. */
const SAMPLES = 5;

/** Compares the two clocks, by what the plane says that it is now. */
export async function sampleClocks(stage: Stage): Promise<readonly ClockSample[]> {
  const samples: ClockSample[] = [];
  while (samples.length < SAMPLES) {
    const before = await stage.shop.now();
    const { body } = must(await stage.tenant.vera.get('/v1/control/status'));
    samples.push({ before, plane: timeOf(body.server_time), after: await stage.shop.now() });
  }
  return samples;
}

/** The entry of the stop in the ledger, and the freeze that ends it. */
export interface PressedStop extends Pressed {
  readonly seq: number;
  readonly freezeId: string;
}

/** Presses the button, as an operator does who has seen something. */
export async function pressStop({ tenant }: Stage): Promise<PressedStop> {
  const { body } = must(await tenant.otto.post('/v1/stop', { reason: 'the drill of the emergency stop' }));
  return {
    at: timeOf(body.server_time),
    noWriteBeginsAfter: timeOf(body.no_write_begins_after),
    seq: Number(body.ledger_seq),
    freezeId: String(Object(body.freeze).freeze_id),
  };
}

export async function liftStop({ tenant }: Stage, { freezeId }: PressedStop): Promise<void> {
  must(await tenant.otto.post(`/v1/freezes/${freezeId}/lift`, { reason: 'the drill is over' }));
}

function timeOf(text: unknown): number {
  return Date.parse(String(text));
}
