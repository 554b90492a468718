import { EVERY, type PolicyDocument, type PolicyLimit } from '@countersign/protocol/policy-document';
import { moneyText } from '../format/money.ts';

/** `Asks for 2 approvals by billing_lead`. */
export function effectTitle({ effect, requires }: Pick<PolicyDocument, 'effect' | 'requires'>): string {
  switch (effect) {
    case 'approve':
      return 'Approves, nobody is asked';
    case 'refuse':
      return 'Refuses';
    case 'ask': {
      const { approvals, role } = requires ?? { approvals: 1 };
      return `Asks for ${approvals === 1 ? 'one approval' : `${approvals} approvals`}${role === undefined ? '' : ` by ${role}`}`;
    }
  }
}

export function appliesWords({ applies_to }: Pick<PolicyDocument, 'applies_to'>): string {
  return applies_to.includes(EVERY) ? 'everything that can be proposed' : applies_to.join(', ');
}

const SCOPES = {
  policy: 'in all',
  agent: 'for each agent',
  capability: 'for each capability',
  object: 'for each row',
};

/** `at most 20 changes a day, for each agent`. */
export function limitWords(limit: PolicyLimit): string {
  const most =
    'count' in limit
      ? `${limit.count} ${limit.count === 1 ? 'change' : 'changes'}`
      : `${moneyText(limit.of, limit.total, {}) ?? limit.total} of ${limit.of} in total`;
  return `at most ${most} a day, ${SCOPES[limit.per]}`;
}
