import { always, fields } from './compare.ts';
import { namedList, textAt } from './compare-lists.ts';

const compareBinding = fields({
  source: always('binding_changed'),
  key: always('binding_changed'),
  required: always('binding_changed'),
});

export const compareContext = fields({
  description: always('description_changed'),
  tenant_binding: always('binding_changed'),
  principal_binding: always('binding_changed'),
  bindings: namedList({
    key: textAt('name'),
    added: 'binding_added',
    removed: 'binding_removed',
    changed: compareBinding,
  }),
});
