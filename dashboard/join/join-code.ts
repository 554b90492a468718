/*
 * What this tab keeps of an invitation while somebody signs in on the way to it: a code that counts once and ends by
 * itself. It is forgotten once it was used.
 */

const KEPT = 'countersign.join.';

export function keepCode(projectId: string, code: string): void {
  sessionStorage.setItem(`${KEPT}${projectId}`, code);
}

export function keptCode(projectId: string): string | null {
  return sessionStorage.getItem(`${KEPT}${projectId}`);
}

export function forgetCode(projectId: string): void {
  sessionStorage.removeItem(`${KEPT}${projectId}`);
}
