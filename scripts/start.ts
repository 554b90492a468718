import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadLogins } from './local/issuer/logins.ts';
import { LocalFault } from './local/local-fault.ts';
import { localFilePath } from './local/local-file.ts';
import { DEFAULT_PORT, type Stack, startStack } from './stack/start-stack.ts';
import { NotTrue } from './story/facts.ts';
import { tellStory } from './story/tell-story.ts';

const USAGE = `Starts the whole product on this machine and shows the main job.

  npm start -- [--port N] [--fresh] [--exit]

  --port N   the gateway's port (${DEFAULT_PORT}); the token issuer and the database get the next two
  --fresh    forget what earlier starts left in .countersign/
  --exit     stop after the story: exit code 0 when every fact held, 1 when not
`;

const STATE = join(import.meta.dirname, '..', '.countersign');
const console = { line: (text: string) => process.stdout.write(`${text}\n`) };

interface Options {
  readonly port: number;
  readonly isFresh: boolean;
  readonly isExit: boolean;
}

function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        fresh: { type: 'boolean' },
        exit: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const port = Number(values.port ?? DEFAULT_PORT);
    if (values.help === true || !Number.isInteger(port) || port < 1 || port > 65_533) return undefined;
    return { port, isFresh: values.fresh === true, isExit: values.exit === true };
  } catch {
    return undefined;
  }
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    console.line(USAGE);
    return 2;
  }
  const interrupted = interruption();
  console.line(
    'Starting Countersign: token issuer, customer database, artifact store, control plane, runner ...',
  );
  const stack = await startStack(STATE, options.port, options.isFresh);
  try {
    const facts = await tellStory(stack, STATE, console, process.stdout.isTTY);
    console.line(`\nAll ${facts} facts hold.`);
    if (options.isExit) return 0;
    await invite(stack);
    const why = await Promise.race([interrupted, stack.broken]);
    console.line(`\nStopping: ${why}.`);
    return why === INTERRUPTED ? 0 : 1;
  } finally {
    await stack.stop();
  }
}

const INTERRUPTED = 'you asked for it';

/** Ctrl-C or a polite kill. A second one does not wait for anybody. */
function interruption(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve(INTERRUPTED);
      });
    }
  });
}

async function invite(stack: Stack): Promise<void> {
  const logins = await loadLogins(join(STATE, 'issuer'));
  const people = logins.map(
    ({ email, password, membership }) =>
      `  ${email.padEnd(26)} ${password}   ${membership?.role ?? 'a stranger here'}`,
  );
  console.line(`
Countersign serves on ${stack.url} until you press Ctrl-C.

  dashboard   ${stack.url}: sign in as one of the people below
  health      curl ${stack.url}/health
  API         ${stack.url}/v1/openapi.json
  database    psql ${stack.databaseUrl}
  backups     ${stack.snapshotsFolder}: a snapshot every hour, and countersign backup create
  sign-up     open: whoever can sign in may countersign projects create LABEL
  scripts     ${localFilePath(STATE)} has the addresses and a token for each part

People who can sign in at ${stack.issuer} (local only):
${people.join('\n')}

Try: change an invoice in psql, then propose the same change again; stop the runner (kill its process) and approve
something; start again with npm start, and see that what was applied stays applied.`);
}

try {
  process.exitCode = await main();
} catch (fault) {
  if (fault instanceof LocalFault || fault instanceof NotTrue) console.line(`\n${fault.message}`);
  else console.line(`\n${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`);
  process.exitCode = 1;
}
