export const logLevels = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Who writes a line: a Worker, the tenant's object, or what serves them on one machine. */
export const logTargets = ['gateway', 'tenant', 'provisioner', 'serve', 'workerd'] as const;
export type LogTarget = (typeof logTargets)[number];

interface LogEventFacts {
  readonly level: LogLevel;
  readonly target: LogTarget;
  readonly meaning: string;
}

/**
 * Everything that the edge half logs: one closed list. An event has one level and one target. A request of a route that
 * needs a credential is exactly one line, of one of the `request.` events.
 */
export const logEvents = {
  'request.answered': {
    level: 'info',
    target: 'gateway',
    meaning: 'A request got what it asked for; `duration_ms` is the time until its answer began',
  },
  'request.refused': {
    level: 'info',
    target: 'gateway',
    meaning: 'A request was refused for what it is about or how it is worded',
  },
  'request.denied': {
    level: 'warn',
    target: 'gateway',
    meaning:
      'Whoever asked may not, or nobody knows who it was: 401, 403, and a project or invitation that is not theirs',
  },
  'request.unavailable': {
    level: 'warn',
    target: 'gateway',
    meaning: 'A request met trouble that passes: a 503',
  },
  'request.failed': {
    level: 'error',
    target: 'gateway',
    meaning: 'A request met a fault of ours: a 500',
  },
  'gateway.bootstrap_token_malformed': {
    level: 'warn',
    target: 'gateway',
    meaning: 'The bootstrap token that is set cannot be one: the first run is closed, and all else goes on',
  },
  'export.broken': {
    level: 'error',
    target: 'gateway',
    meaning: 'An export of the ledger broke off before its end',
  },
  'tenant.fault': { level: 'error', target: 'tenant', meaning: 'A fault of ours while a tenant answered' },
  'rule.fault': {
    level: 'error',
    target: 'tenant',
    meaning: 'A rule could not be decided; whoever asked was told that something is wrong',
  },
  'sweep.failed': {
    level: 'error',
    target: 'tenant',
    meaning: 'What the clock does came to nothing; it is tried again after 5 s',
  },
  'indexing.failed': {
    level: 'error',
    target: 'tenant',
    meaning: 'The search index could not be brought up to the ledger; the next search tries again',
  },
  'provisioning.fault': {
    level: 'error',
    target: 'provisioner',
    meaning: 'A step of making or removing a tenant met a fault of ours',
  },
  'backup.fault': {
    level: 'error',
    target: 'provisioner',
    meaning:
      'A piece of work on the copies of a record met a fault; `subject` is the snapshot, `code` why it never passes',
  },
  'backup.alarm': {
    level: 'error',
    target: 'provisioner',
    meaning:
      'Somebody must know of this about the copies of a record: `code` says what, the list of backups what to do',
  },
  'plane.serving': { level: 'info', target: 'serve', meaning: 'The plane answers at `url`' },
  'plane.copied': {
    level: 'info',
    target: 'serve',
    meaning: 'The store was copied to `copy`, because its schema is about to change',
  },
  'plane.warning': {
    level: 'warn',
    target: 'serve',
    meaning: 'The plane is served in a way that somebody should know of; `message` says which',
  },
  'plane.stopping': { level: 'info', target: 'serve', meaning: 'The plane was told to end' },
  'plane.stopped': { level: 'info', target: 'serve', meaning: 'The plane has ended' },
  'plane.failed': { level: 'error', target: 'serve', meaning: 'The plane cannot be served; `code` says why' },
  'plane.pid_file_stale': {
    level: 'warn',
    target: 'serve',
    meaning: 'The process that served before was killed, or went down with the machine',
  },
  'workerd.output': {
    level: 'info',
    target: 'workerd',
    meaning: 'What workerd printed that is no line of ours, as text',
  },
} as const satisfies Readonly<Record<string, LogEventFacts>>;
export type LogEvent = keyof typeof logEvents;

export function isLogEvent(text: string): text is LogEvent {
  return Object.hasOwn(logEvents, text);
}
