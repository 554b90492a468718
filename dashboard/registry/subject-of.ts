/** What an entry of the change log is about. */
export type ChangeSubject =
  | { readonly kind: 'contract' | 'policy' | 'other'; readonly text: string }
  | { readonly kind: 'piece'; readonly pieceKind: string; readonly name: string; readonly text: string };

/** Reads what the ledger calls it: `contract/ctr_1`, `policy/small-fees`, `control/prompt/reviewer`. */
export function subjectOf(subject: string): ChangeSubject {
  const [kind, name = '', more] = subject.split('/');
  if ((kind === 'contract' || kind === 'policy') && name !== '' && more === undefined)
    return { kind, text: name };
  if (kind === 'control' && more !== undefined)
    return { kind: 'piece', pieceKind: name, name: more, text: `${name} ${more}` };
  return { kind: 'other', text: subject };
}
