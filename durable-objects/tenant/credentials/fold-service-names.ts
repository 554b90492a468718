import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import { livingServices, type ServiceNames, serviceNames } from './service-names.ts';

/**
 * The names of service accounts after an entry about a credential. It follows from entries about credentials, and so has
 * no chain of its own. Those that were issued before names counted say nothing of it.
 */
export function foldServiceNames(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const put = (named: ServiceNames['named']): readonly Put[] => [
    { name: 'settings', row: { tenant, name: 'services', value: { named }, tip_seq: 0, tip_hash: '' } },
  ];
  if (entry.type === 'credential.issued') {
    const { credential_id, expires_at, is_named, name, replaces } = entry.body;
    if (is_named !== true) return [];
    const before = livingServices(serviceNames(rows.row('settings', 'services')), entry.at);
    const others = before.filter((one) => one.credential_id !== replaces);
    return put([...others, { name, credential_id, expires_at }]);
  }
  if (entry.type !== 'credential.revoked') return [];
  if (rows.row('credentials', entry.body.credential_id)?.kind !== 'service') return [];
  const { named } = serviceNames(rows.row('settings', 'services'));
  const others = named.filter((one) => one.credential_id !== entry.body.credential_id);
  return others.length === named.length ? [] : put(others);
}
