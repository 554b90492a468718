/** What there is to say of each command. `usage` is what follows the program's name. */
interface CommandHelp {
  readonly usage: string;
  readonly summary: string;
  readonly text: string;
  readonly example: string;
}

export const commandNames = [
  'init',
  'doctor',
  'connect',
  'start',
  'status',
  'drain',
  'reconcile',
  'receipts',
  'receipts-sql',
  'version',
  'help',
] as const;
export type CommandName = (typeof commandNames)[number];

export function isCommandName(text: string): text is CommandName {
  return commandNames.some((name) => name === text);
}

const CONFIG = `  --config FILE   the configuration: JSON, comments allowed`;
const JSON_FLAG = `  --json          one JSON document on stdout, for programs`;

const commandHelp: Readonly<Record<CommandName, CommandHelp>> = {
  init: {
    usage: 'init --config FILE [--sql FILE] [--force] [--yes ANSWERS...]',
    summary: 'make a configuration, and the SQL of the role that it needs',
    text: `Asks what the runner may write, and makes from the answers
  - a commented configuration, readable by you only, that starts as a dry run and allows no rehearsals;
  - the SQL that makes a role with the rights for exactly that, and the table of receipts. It goes to stdout, for a DBA
    to read, to put a password into and to run.
It connects only when the variable that holds the database URL is set: to offer tables and columns, and only reading.

  --config FILE   where to write the configuration
  --sql FILE      write the SQL there too
  --force         replace files that are there
${JSON_FLAG}
  --yes           ask nothing, and take these flags for answers:
    --engine postgres|mysql          --database-url-env NAME   the variable's name, never the URL
    --control-plane-url URL          --token-env NAME          usual: COUNTERSIGN_RUNNER_TOKEN
    --source-id ID                   --runner-id ID            one for each process
    --role NAME                      usual: countersign_runner
    --receipts SCHEMA.TABLE          usual: public.countersign_receipts; MySQL: in the first table's database
    --table SCHEMA.TABLE             once or more; what follows it says of that table:
      --primary-key COLUMN           --columns A,B             what may be written
      --tenant-column COLUMN         --tenant-values A,B       or --single-tenant
      --version-column COLUMN        --version-kind integer|timestamp
      --insert-once-by A,B           rows may be added, once by these columns: a unique key lies within them
      --delete                       rows may be removed, where nothing else happens with it
      --max-rows N                   so many at once
      --compensations                what was done may be taken back
Without --yes such flags are answers that are not asked for again.`,
    example: `countersign-runner init --config runner.json --sql role.sql
  countersign-runner init --config runner.json --yes --engine postgres --database-url-env BILLING_DATABASE_URL \\
    --control-plane-url https://countersign.example --source-id src_billing --runner-id billing-1 \\
    --table public.invoices --primary-key id --tenant-column tenant_id \\
    --version-column version --version-kind integer --columns late_fee_cents,waiver_reason`,
  },
  doctor: {
    usage: 'doctor --config FILE [--create-receipts]',
    summary: 'look at all that start needs; changes nothing',
    text: `Looks at the configuration, the token, the databases, the tables, a receipt that is written and taken back, and what
the role may do beyond its task. Says in a line what to do about each finding. Where the table of receipts is not there,
it prints what creates it. Where a source allows rehearsals, it looks whether the role may read what they tell.

${CONFIG}
  --create-receipts  create that table, with the runner's own role, where it may
${JSON_FLAG}

Exit code 3 when something is wrong, 5 when all that is wrong is that something does not answer.`,
    example: 'countersign-runner doctor --config runner.json',
  },
  connect: {
    usage: 'connect --config FILE',
    summary: 'introduce this runner to the control plane',
    text: `Registers the runner as \`start\` will, and says that it is in service. Asks no database anything.

${CONFIG}
${JSON_FLAG}`,
    example: 'countersign-runner connect --config runner.json',
  },
  start: {
    usage: 'start --config FILE [--once] [--dry-run]',
    summary: 'lease approved jobs and write them, until SIGTERM',
    text: `The daemon. It compares the databases with the configuration first, and says everything that is wrong before it takes any
work. Its log is JSON lines on stdout; the line with "event":"ready" says that it claims work.

${CONFIG}
  --once          end when nothing is left to do
  --dry-run       try every write, take it back, say what it would have come to (job_rehearsed), and give the job back; it
                  then rests for half a minute, up to five when it has waited long. The same as "mode": "dry_run" in the configuration
  --json          changes nothing: the log is JSON as it is

Where a source's configuration has "rehearsals", the daemon also tries proposed changes before anybody has approved them,
takes them back, and tells the columns that may be told before and after. That goes on in a dry run too.

A daemon says at its end that its runner_id is out of service. So of two daemons of one runner_id the first to end takes
the one that goes on out of service: give each its own. With --once or --dry-run it says no such thing, and may run
beside the daemon. Every start puts a runner that was drained back into service.

Signals (SIGTERM or SIGINT):
  first   take no new work, finish and report what has begun, exit
  second  wait for nothing any more
  third   exit at once`,
    example: 'countersign-runner start --config runner.json',
  },
  status: {
    usage: 'status --config FILE [--daemon]',
    summary: 'what is true now: databases, control plane, daemon; changes nothing',
    text: `For each source: whether its database answers, its server, and its receipts of the last 24 hours. Whether the control
plane takes the token, and for which sources. Where the configuration has an http.port: what the daemon says of itself.

${CONFIG}
  --daemon  ask nobody but the daemon, whether it is alive: for health checks. Exit code 0 or 1
${JSON_FLAG}

Exit code 0 when all is well, 1 when something is not, 5 when nothing answers at all.`,
    example: 'countersign-runner status --config runner.json --json',
  },
  drain: {
    usage: 'drain --config FILE [--timeout SECONDS] [--undo]',
    summary: 'take this runner out of service while its process goes on; --undo puts it back',
    text: `Tells the control plane to hand this runner nothing more, and waits until its daemon holds no job and every result is
reported. Run it wherever the configuration and the token are; to see what is held it needs an http.port, and to be on
the daemon's machine.

SIGTERM ends the process, which finishes or gives back what it has. After \`drain\` the process goes on: it asks every 15 s
at most whether it is wanted again, logs claim_failed with the code runner_draining, and is says so at /readyz. So
\`drain\` is for a pause, as during work on the database, and for a daemon that you cannot signal. It lasts until --undo,
\`connect\` or a restart of the daemon. Jobs wait meanwhile, or go to other runners of the source.

${CONFIG}
  --timeout SECONDS   how long to wait, 0 to 3600; usual 60
  --undo              back into service
${JSON_FLAG}

Exit code 0 when nothing is held, or nobody is there to tell; 1 when something is still held after that time. It stays
out of service then too.`,
    example: 'countersign-runner drain --config runner.json --timeout 30',
  },
  reconcile: {
    usage: 'reconcile ID --config FILE [--source ID] [--report]',
    summary: 'what became of a write, by its receipt and the row; --report tells the control plane',
    text: `For a job whose outcome nobody knows: a runner died, or its report was lost. ID is the idempotency key, the job or the
proposal. Reads the receipt and computes its hash anew, reads the version that the row has now, and says one of:
  applied        the change was made once; the row has that version, or a newer one since
  conflict       nothing was written, and that was recorded: every later attempt says the same
  not written    there is no receipt in these sources: where the job is of one of them, nothing was written under that
                 name, and the next attempt is safe. Look at the id and at the configuration first
  contradiction  the receipt is not as it was written, or the row is older than it: a person must look

${CONFIG}
  --source ID     one source instead of all
  --report        send the result that the receipt tells, under its own lease, so that the job is settled. The same result
                  twice is one; another one than it has the control plane refuses and keeps as a discrepancy
${JSON_FLAG}

It never writes to a database. Exit code 0 for applied, conflict and not written; 4 for a contradiction, or when the
control plane has another outcome; 5 when a database or the control plane does not answer.`,
    example: 'countersign-runner reconcile wrp_0123 --config runner.json --report',
  },
  receipts: {
    usage: 'receipts list|show ID|verify --config FILE',
    summary: 'the receipts that lie in your own databases: list, show one, verify all',
    text: `  list [--limit N]   the latest; usual 20
  show ID            one, by its key, job or proposal
  verify             compute the hash of every receipt anew

${CONFIG}
  --source ID     one source instead of all
${JSON_FLAG}

Only reads. Exit code 1 for a receipt that is missing or not whole.`,
    example: 'countersign-runner receipts verify --config runner.json',
  },
  'receipts-sql': {
    usage: 'receipts-sql --config FILE',
    summary: 'print the SQL that creates the receipt tables',
    text: `One CREATE TABLE for each source. \`init\` prints it together with the role.

${CONFIG}
${JSON_FLAG}`,
    example: 'countersign-runner receipts-sql --config runner.json | psql ...',
  },
  version: {
    usage: 'version [--json]',
    summary: 'the release of this program',
    text: `${JSON_FLAG}`,
    example: 'countersign-runner version --json',
  },
  help: {
    usage: 'help [COMMAND]',
    summary: 'this, or what there is to say of a command',
    text: `${JSON_FLAG}`,
    example: 'countersign-runner help init',
  },
};

const PROGRAM = 'countersign-runner';
const NAME_WIDTH = Math.max(...commandNames.map(({ length }) => length));

/** What there is to say of the program, or of one command; `isJson` for programs. Ends with a line end. */
export function helpText(about?: CommandName, isJson = false): string {
  if (isJson)
    return `${JSON.stringify({ commands: commandNames.filter(isMeant(about)).map(documentOf) }, null, 2)}\n`;
  if (about === undefined) return overview;
  const { example, summary, text, usage } = commandHelp[about];
  return `${PROGRAM} ${about}: ${summary}

Usage:
  ${PROGRAM} ${usage}

${text}

Example:
  ${example}
`;
}

function isMeant(about: CommandName | undefined): (name: CommandName) => boolean {
  return (name) => about === undefined || name === about;
}

function documentOf(name: CommandName) {
  const { example, summary, usage } = commandHelp[name];
  return { name, summary, usage: `${PROGRAM} ${usage}`, example };
}

const overview = `${PROGRAM}: writes approved changes to your databases, once each.

Usage:
  ${PROGRAM} COMMAND --config FILE

${commandNames.map((name) => `  ${name.padEnd(NAME_WIDTH)}  ${commandHelp[name].summary}`).join('\n')}

Begin with init, then doctor, then start. \`help COMMAND\` says more, with an example. Every command takes --json; stdout
stays empty when it could not do its work, and stderr says why.

Exit codes:
  0  ok
  1  failed, or was stopped before everything was finished; a receipt that is missing or not whole; something not well
  2  usage
  3  refused: by the configuration, a database's login or check, the control plane, a file that is there, the http address
  4  conflict: the evidence contradicts itself, or the control plane has another outcome
  5  unreachable: the control plane at the start, or a database or the control plane by a command that needs it
`;
