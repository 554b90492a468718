/** Names a rehearsal by its proposal and its number there. */
export function rehearsalIdOf(proposalId: string, number: number): string {
  return `rhj_${number}_${proposalId}`;
}

const FORM = /^rhj_([1-9][0-9]{0,8})_(.+)$/;

/** Undefined for a text that is no id of a rehearsal. */
export function readRehearsalId(
  id: string,
): { readonly number: number; readonly proposalId: string } | undefined {
  const match = FORM.exec(id);
  const [, number, proposalId] = match ?? [];
  return number === undefined || proposalId === undefined
    ? undefined
    : { number: Number(number), proposalId };
}
