import { EVERY } from '@countersign/protocol/policy-document';

/** What a new policy begins with: one that refuses, so that saving it by mistake could approve nothing. */
export function firstText(capability: string | undefined): string {
  const document = {
    name: 'looked-at-first',
    description: 'Nothing is decided before a runner has looked at the row',
    applies_to: [capability ?? EVERY],
    when: "rehearsal.status != 'done'",
    effect: 'refuse',
    message: 'wait until a runner has looked at the row, and propose again',
    tests: [
      { name: 'nobody has looked', given: { rehearsal: { status: 'none' } }, expect: 'refuse' },
      { name: 'a runner has looked', given: { rehearsal: { status: 'done' } }, expect: 'no_match' },
    ],
  };
  return JSON.stringify(document, null, 2);
}
