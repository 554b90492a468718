import { FirstRun, TOKEN } from '../../support/first-run.ts';
import { Attackers } from './attackers.ts';
import { Cast } from './cast.ts';
import type { LockoutFacts, Scene } from './facts.ts';
import { judgeLockout, type LockoutReport } from './judge-lockout.ts';
import type { LockoutDrillOptions } from './options.ts';
import { recordedOf } from './recorded.ts';
import { scenes } from './scenes.ts';

/**
 * Plays the ways in which one locks oneself out of one's own installation, or is taken over, on a real plane that is
 * deployed anew several times, while attackers try to get in all the while.
 *
 * @param onStep told what is done now
 */
export async function runLockoutDrill(
  { attackers: count, attemptsInScene, isLeaked, racers }: LockoutDrillOptions,
  onStep: (step: string) => void = () => undefined,
): Promise<LockoutReport> {
  const run = await FirstRun.start({ token: undefined });
  try {
    const cast = await Cast.gather(run, racers);
    const stranger = await run.issuers.get('members').sign('mallory');
    const leaked = isLeaked ? TOKEN : undefined;
    const attackers = new Attackers({ run, projects: () => cast.projects, stranger, leaked }, count);
    try {
      const played: Scene[] = [];
      for (const { name, play, wayIn } of scenes) {
        onStep(name);
        const compared = await play(cast);
        const attacks = await attackers.attempts(attemptsInScene);
        played.push({ name, wayIn, compared, attacks });
        // Behind somebody who should not be in, nothing that follows shows anything.
        if (Object.values(attacks).flat().includes('in')) break;
      }
      const facts: LockoutFacts = { scenes: played, recorded: await recordedOf(cast), attemptsInScene };
      return judgeLockout(facts);
    } finally {
      await attackers.stop();
    }
  } finally {
    await run.stop();
  }
}
