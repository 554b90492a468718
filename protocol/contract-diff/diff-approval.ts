import { own } from '../contract/own.ts';
import { change } from './change.ts';
import { always, type Compare, ceiling, type Fields, fields, fieldsOf, presence } from './compare.ts';

const compareMode: Compare = (before, after, place) => {
  if (before === 'human' && after === 'policy')
    return [change('approval_weakened', place, { before, after })];
  if (before === 'policy' && after === 'human')
    return [change('approval_strengthened', place, { before, after })];
  return [];
};

const compareRole: Compare = (before, after, place) => {
  const there = presence('approval_strengthened', 'approval_weakened')(before, after, place);
  return there.length > 0 ? there : [change('approval_role_changed', place, { before, after })];
};

const compareStated = fields(
  {
    mode: compareMode,
    required_role: compareRole,
    required_approvals: ceiling('approval_strengthened', 'approval_weakened'),
    policy: always('approval_policy_changed'),
  },
  { mode: 'human', required_approvals: 1 },
);

/** Without an approval one person decides, of whatever role. `operator` and `human` mean the same. */
export const compareApproval: Compare = (before, after, place) => {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  return was && is ? compareStated(asHuman(was), asHuman(is), place) : [];
};

function asHuman(approval: Fields): Fields {
  return own(approval, 'mode') === 'operator' ? { ...approval, mode: 'human' } : approval;
}
