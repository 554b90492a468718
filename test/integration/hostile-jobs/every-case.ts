import type { Engine } from '../../support/database-server.ts';
import { claimedText, rowOf } from './claimed-text.ts';
import { crossTenant } from './cross-tenant.ts';
import { guards } from './guards.ts';
import type { Ending, HostileCase, TargetRow } from './hostile-case.ts';
import { idsAndLeases } from './ids-and-leases.ts';
import { injected } from './injected.ts';
import { malformed } from './malformed.ts';
import { mysqlEndings } from './mysql-endings.ts';
import { typeConfused } from './type-confused.ts';
import { widened } from './widened.ts';

const kinds: Readonly<Record<string, readonly HostileCase[]>> = {
  malformed,
  widened,
  'cross-tenant': crossTenant,
  injected,
  'type-confused': typeConfused,
  'wrongly guarded': guards,
  'under wrong ids and leases': idsAndLeases,
};

/** A case as it is sent. */
export interface SentCase {
  readonly kind: string;
  readonly name: string;
  readonly ending: Ending;
  readonly row: TargetRow;
  /** The JSON text in the place of a claimed job. */
  readonly text: string;
  /** By which the runner can answer; undefined where there is none. */
  readonly jobId: string | undefined;
  /** The name of a job that is sent just before this one, so that its line in the log can be found. */
  readonly fence: string;
}

export const kindNames = Object.keys(kinds);

/** Every case as it is sent to a runner of an engine. */
export function casesOn(engine: Engine): readonly SentCase[] {
  return Object.entries(kinds)
    .flatMap(([kind, cases]) => cases.map((hostile) => ({ kind, hostile })))
    .map(({ kind, hostile }, n) => {
      const text = claimedText(engine, hostile, n);
      return {
        kind,
        name: hostile.name,
        ending: (engine === 'mysql' ? mysqlEndings.get(hostile.name) : undefined) ?? hostile.ending,
        row: rowOf(hostile, n),
        text,
        jobId: jobIdOf(text),
        fence: `wbj_fence_${n}`,
      };
    });
}

function jobIdOf(text: string): string | undefined {
  const id: unknown = Object(JSON.parse(text)).job_id;
  return typeof id === 'string' ? id : undefined;
}

/** The text of a case without what differs between all of them: two cases that are alike in it are one. */
export function essenceOf({ text, row }: Pick<SentCase, 'text' | 'row'>): string {
  return text
    .replaceAll(/hostile_\d+/gi, 'hostile')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'later')
    .replaceAll(/"ROW-\d+"/g, '"ROW"')
    .concat(row.table);
}
