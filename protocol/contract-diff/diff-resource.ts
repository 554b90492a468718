import { change } from './change.ts';
import { always, type Compare, fields } from './compare.ts';

/** To be without tenants is the widest scope there is. */
export const compareSingleTenant: Compare = (before, after, place) => {
  if (before === true) return [change('single_tenant_withdrawn', place)];
  return [change(after === true ? 'single_tenant_declared' : 'restated', place)];
};

export const compareResource = fields({
  description: always('description_changed'),
  engine: always('engine_changed'),
  type: always('resource_type_changed'),
  schema: always('table_changed'),
  table: always('table_changed'),
  primary_key: always('primary_key_changed'),
  tenant_key: always('tenant_key_changed'),
  conflict_key: always('conflict_key_changed'),
  single_tenant_dev: compareSingleTenant,
});
