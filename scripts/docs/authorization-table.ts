import { ANY_TOKEN, permissions } from '@countersign/durable-objects/tenant/access/permissions';
import type { AskType } from '@countersign/durable-objects/tenant/turn/command';
import { routes } from '@countersign/gateway/routes/all-routes';
import type { Route } from '@countersign/gateway/routes/route';
import { roles } from '@countersign/protocol/roles';
import { markdownTable } from './markdown-table.ts';

const kinds = ['service', 'agent', 'runner'] as const;
const NO = '-';

/** Every route by every kind of credential and role: made of what the gateway serves and the tenant allows. */
export function authorizationTable(): string {
  const rows = routes.flatMap((route) => formsOf(route).map((asks) => rowOf(route, asks)));
  const head = [
    'request',
    'asks',
    ...roles,
    ...kinds,
    'no credential',
    "another tenant's token",
    'no member',
  ];
  return markdownTable(head, rows);
}

/** What a route asks may depend on the body: then each form has a line. */
function formsOf({ asks, asksFor }: Route): readonly AskType[] {
  return [...new Set([asks, asksFor?.({}) ?? asks])];
}

function rowOf({ method, path }: Route, asks: AskType): string[] {
  const { person = [], ...machines } = permissions[asks];
  return [
    `\`${method} ${path.replace(/:(\w+)/g, '{$1}')}\``,
    `\`${asks}\``,
    ...roles.map((role) => (person.includes(role) ? 'yes' : NO)),
    ...kinds.map((kind) => scopeCell(machines[kind])),
    '401',
    '403',
    // Whoever has the code of an invitation is no member yet.
    asks === 'accept-invitation' ? 'yes' : '404',
  ];
}

function scopeCell(scope: string | undefined): string {
  if (scope === undefined) return NO;
  return scope === ANY_TOKEN ? 'any' : `\`${scope}\``;
}
