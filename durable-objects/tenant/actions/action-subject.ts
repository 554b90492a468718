const PREFIX = 'action/';

export function actionSubject(actionId: string): string {
  return `${PREFIX}${actionId}`;
}

/** The action that an entry is about, by its subject. */
export function actionOfSubject(subject: string): string {
  return subject.slice(PREFIX.length);
}

export function targetSubject(target: string): string {
  return `target/${target}`;
}
