import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { mintToken } from '@countersign/protocol/token';
import * as z from 'zod';
import { LocalFault } from '../local/local-fault.ts';
import { readPrivateFile, writePrivateFile } from '../local/private-file.ts';
import { ACME } from './acme.ts';

/** Raised when an older state cannot be gone on with: its runner may do no tasks. */
const STATE_VERSION = 4;

const secretsSchema = z.strictObject({
  version: z.literal(STATE_VERSION),
  macKey: z.string(),
  agentToken: z.string(),
  runnerToken: z.string(),
  /** People are known by their issuer's address, so a state belongs to the port that it was made with. */
  issuer: z.url(),
});
export type LocalSecrets = z.infer<typeof secretsSchema>;

/**
 * What the local stack needs again at its next start; made at the first. Throws `LocalFault` when the state was
 * made under another issuer address.
 */
export async function localSecrets(stateFolder: string, issuer: string): Promise<LocalSecrets> {
  const path = join(stateFolder, 'secrets.json');
  const text = await readPrivateFile(path);
  if (text === null) {
    const secrets = newSecrets(issuer);
    await writePrivateFile(path, `${JSON.stringify(secrets, null, 2)}\n`);
    return secrets;
  }
  const parsed = secretsSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new LocalFault(
      `The state in ${stateFolder} was made by an older version. Begin anew with --fresh.`,
      {
        code: 'older_state',
      },
    );
  }
  const secrets = parsed.data;
  if (secrets.issuer === issuer) return secrets;
  throw new LocalFault(
    `The state in ${stateFolder} belongs to the issuer ${secrets.issuer}. Start with the same --port as before, ` +
      'or with --fresh to begin anew.',
    { code: 'other_port' },
  );
}

function newSecrets(issuer: string): LocalSecrets {
  const macKey = randomBytes(32).toString('base64url');
  return {
    version: STATE_VERSION,
    macKey,
    agentToken: mintToken('agt', ACME.project_id, ACME.agent, macKey),
    runnerToken: mintToken('run', ACME.project_id, ACME.runner, macKey),
    issuer,
  };
}
