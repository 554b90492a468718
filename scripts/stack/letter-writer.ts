// The local stack's post office: what the runner's executor `letters` starts for each action. It writes the letter that it
// is given into the folder that it is told, and says what it is called. A letter of the same key is written once.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const REFUSED = 65;
const [folder] = process.argv.slice(2);
const key = process.env.COUNTERSIGN_IDEMPOTENCY_KEY ?? '';
if (folder === undefined || !/^[A-Za-z0-9_-]+$/.test(key)) process.exit(REFUSED);

const { input } = JSON.parse(readFileSync(0, 'utf8'));
const letter = { invoice: input.invoice, text: input.text, signed_for: input.on_behalf_of };
mkdirSync(folder, { recursive: true, mode: 0o700 });
const path = join(folder, `${key}.json`);
try {
  writeFileSync(path, `${JSON.stringify(letter, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}
console.log(JSON.stringify({ reference: `letter ${key.slice(-8)}` }));
