/** The roles of people, as the tenant object knows them. */
export type Role = 'owner' | 'admin' | 'operator' | 'approver' | 'auditor' | 'viewer';

/** Somebody who can sign in. */
export type Person = {
  /** The token's `sub`: stable, since the tenant's members and its ledger name people by it. */
  sub: string;
  email: string;
  name: string;
  /**
   * What to enter for this person in the tenant's members; never part of a token. Null: a stranger, who can
   * sign in and must then be refused everything.
   */
  membership: { role: Role; approvalRoles: readonly string[] } | null;
};

function person(email: string, name: string, membership: Person['membership']): Person {
  return { sub: email, email, name, membership };
}

/** The people of the local stack, in the order in which they are printed. */
export const PEOPLE: readonly Person[] = [
  person('olivia@acme.example', 'Olivia Okafor', { role: 'owner', approvalRoles: [] }),
  person('ada@acme.example', 'Ada Lindqvist', { role: 'approver', approvalRoles: ['billing_lead'] }),
  person('ben@acme.example', 'Ben Castellanos', {
    role: 'approver',
    approvalRoles: ['billing_lead', 'support_lead'],
  }),
  person('amir@acme.example', 'Amir Haddad', { role: 'admin', approvalRoles: [] }),
  person('oscar@acme.example', 'Oscar Nakamura', { role: 'operator', approvalRoles: [] }),
  person('audrey@acme.example', 'Audrey Mbeki', { role: 'auditor', approvalRoles: [] }),
  person('vera@acme.example', 'Vera Novak', { role: 'viewer', approvalRoles: [] }),
  person('greta@globex.example', 'Greta Sorensen', null),
];

/** The person with this `sub`, or null. */
export function findPerson(sub: string): Person | null {
  return PEOPLE.find((candidate) => candidate.sub === sub) ?? null;
}
