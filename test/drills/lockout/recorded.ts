import type { Cast } from './cast.ts';
import type { Recorded } from './facts.ts';

/** Who was let in by whom, as the record has it: an attacker who left no answer would still stand here. */
export async function recordedOf({ exchanged, owned, projects, run }: Cast): Promise<Recorded> {
  const issuer = run.issuers.get('members');
  const known = new Set(['olivia', 'adam'].map((name) => `${owned} ${issuer.personOf(name)}`));
  const members = await run.query<{ tenant: string; person: string }>(
    `SELECT tenant, person FROM members WHERE tenant IN (SELECT value FROM json_each(?1)) AND status = 'active'`,
    JSON.stringify(projects),
  );
  const exchanges: Recorded['exchanges'][number][] = [];
  for (const project of projects) {
    const entries = await run.ledgerOf(project);
    const found = entries.filter(({ type }) => type === 'bootstrap.exchanged').length;
    exchanges.push({ project, wanted: exchanged.get(project) ?? 0, found });
  }
  const intruders = members
    .filter(({ person, tenant }) => !known.has(`${tenant} ${person}`))
    .map(({ person, tenant }) => `${person} is a member of ${tenant}`);
  return { exchanges, intruders };
}
