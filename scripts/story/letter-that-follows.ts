import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LETTER } from '../stack/acme-contract.ts';
import type { Cast } from './people.ts';
import { approved, asked, ended, rehearsed, waiver } from './proposing.ts';

const INVOICE = 'INV-3011';
const LONGEST_WAIT_MS = 20_000;
const BETWEEN_MS = 100;

/** A database can roll back; a letter cannot. So it is decided with the change, and goes out after it. */
export async function letterThatFollows(cast: Cast): Promise<void> {
  const { facts, memory, acting, actingApprover } = cast;
  facts.chapter('What cannot be taken back: a letter that follows a change');
  const { id, isNew } = await asked(cast, 'waived-with-letter', waiver(INVOICE, 'the letter was late'));
  await rehearsed(cast, id);
  const letter = await memory.made('letter', async () => {
    const intent = {
      action: LETTER,
      args: { invoice_id: INVOICE },
      reason: 'so that the customer knows',
      after: { proposal_id: id, state: 'applied' as const },
      decided_with_proposal: true,
    };
    return (await acting.request(intent, { idempotencyKey: 'story:letter' })).action_id;
  });
  if (isNew) {
    facts.equal('it is stored before anything else happens', await lettersOf(cast), []);
    const refused = await actingApprover
      .approve(letter.id, String((await actingApprover.read(letter.id)).effect_digest))
      .catch((error: Error & { readonly code?: string }) => error.code);
    facts.equal('and cannot be let go without its change', refused, 'action_already_decided');
  }
  await approved(cast, id);
  facts.equal(
    'Ada approved both in one decision, and the row was written',
    (await ended(cast, id)).status,
    'applied',
  );
  const sent = await untilEnded(cast, letter.id);
  facts.equal('only then the runner had the letter written', sent, 'succeeded');
  facts.equal('once', await lettersOf(cast), [{ invoice: INVOICE, signed_for: 'support_agent_17' }]);
  if (!isNew) return;
  const again = await acting.request({ action: LETTER, args: { invoice_id: INVOICE } });
  facts.equal('asked for again, it is held: it is probably done', again.status, 'held');
}

async function untilEnded({ acting }: Cast, id: string): Promise<string> {
  const until = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    const { status, terminal } = await acting.read(id);
    if (terminal === true || Date.now() > until) return status;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  }
}

/** What lies in the folder that the local runner's letters go to. */
async function lettersOf({ stack }: Cast): Promise<readonly object[]> {
  const names = await readdir(stack.lettersFolder).catch(() => []);
  const letters = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(stack.lettersFolder, name), 'utf8'))),
  );
  return letters.map(({ invoice, signed_for }) => ({ invoice, signed_for }));
}
