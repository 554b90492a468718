import { permissions } from '@countersign/durable-objects/tenant/access/permissions';
import { routes } from '@countersign/gateway/routes/all-routes';
import { markdownTable } from './markdown-table.ts';

const kinds = ['agent', 'runner', 'service'] as const;
const NOBODY = '-';

/** Every route that needs a credential, and who may use it: made of what the gateway serves and the tenant allows. */
export function routeTable(): string {
  const rows = routes.map(({ method, path, summary, asks, asksFor }) => {
    // What a route asks may depend on the body: whoever may ask one of both may use it.
    const allowed = { ...permissions[asksFor?.({}) ?? asks], ...permissions[asks] };
    return [
      `\`${method} ${path.replace(/:(\w+)/g, '{$1}')}\``,
      summary,
      allowed.person?.join(', ') ?? NOBODY,
      ...kinds.map((kind) => (allowed[kind] === undefined ? NOBODY : `\`${allowed[kind]}\``)),
    ];
  });
  return markdownTable(['request', 'what it does', 'person with role', ...kinds], rows);
}
