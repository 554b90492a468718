const PREFIX = 'run/';

export function runSubject(runId: string): string {
  return `${PREFIX}${runId}`;
}

/** The run that an entry is about, by its subject. */
export function runOfSubject(subject: string): string {
  return subject.slice(PREFIX.length);
}
