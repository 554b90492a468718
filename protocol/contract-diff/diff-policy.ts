import { own } from '../contract/own.ts';
import { always, ceiling, type Fields, fields } from './compare.ts';
import { namedList, textAt } from './compare-lists.ts';

const compareRule = fields({ max: ceiling('policy_rule_raised', 'policy_rule_lowered') });

const limitDefaults: Fields = { scope: 'tenant_policy' };

const compareLimit = fields({ max: ceiling('policy_limit_raised', 'policy_limit_lowered') }, limitDefaults);

/** What a limit counts. The same count for each object, or for all together, is another limit. */
function limitKey(limit: Fields): string {
  const stated = { ...limitDefaults, ...limit };
  return ['kind', 'field', 'period', 'scope']
    .map((key) => own(stated, key))
    .filter((part) => part !== undefined)
    .map(String)
    .join(' ');
}

export const comparePolicy = fields({
  description: always('description_changed'),
  kind: always('policy_kind_changed'),
  mode: always('policy_mode_changed'),
  rules: namedList({
    key: textAt('field'),
    added: 'policy_rule_added',
    removed: 'policy_rule_removed',
    changed: compareRule,
  }),
  limits: namedList({
    key: limitKey,
    added: 'policy_limit_added',
    removed: 'policy_limit_removed',
    changed: compareLimit,
  }),
});
