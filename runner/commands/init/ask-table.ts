import type { SurveyedColumn, SurveyedTable, TableSurvey } from '../../databases/table-survey.ts';
import {
  type Fault,
  faultOf,
  isVersionKind,
  listOf,
  type PartialTable,
  type TableAnswers,
} from './answers.ts';
import { type Asker, askUntil } from './ask.ts';

/** The word for a table without tenants, which is never assumed. */
const NONE = 'none';
const MOST_SHOWN = 30;
const USUAL_TENANT = /^(tenant|org|organization|account|company)_?id$/i;
const USUAL_VERSION = /^(version|row_version|lock_version|revision|updated_at|modified_at)$/i;

/** Asks for what is not known of a table. Of the names found in its catalog only those are taken. */
export async function askTable(
  asker: Asker,
  known: PartialTable,
  survey: TableSurvey | undefined,
): Promise<TableAnswers> {
  const { found, name } = await tableNamed(asker, known.name, survey);
  if (found !== undefined) asker.tell(`  ${found.columns.map(described).join(', ')}\n`);
  const column = columnFault(found);
  const primaryKey =
    known.primaryKey ??
    (await askUntil(asker, {
      text: 'Primary key (the column that names a row)',
      usual: found?.uniqueKeys.find(({ length }) => length === 1)?.[0],
      faultOf: column,
    }));
  const tenant =
    known.tenantColumn === undefined
      ? await askUntil(asker, {
          text: `Tenant column (says whose row it is; "${NONE}" for a table of one tenant)`,
          usual: found?.columns.find((each) => USUAL_TENANT.test(each.name))?.name,
          faultOf: (answer) => (answer === NONE ? undefined : other(column, primaryKey)(answer)),
        })
      : (known.tenantColumn ?? NONE);
  const tenantColumn = tenant === NONE ? null : tenant;
  const tenantValues =
    tenantColumn === null
      ? []
      : (known.tenantValues ??
        listOf(
          await askUntil(asker, {
            text: 'Tenants that may be written for (a, b; empty: every one)',
            usual: '',
            faultOf: faultOf.tenants,
          }),
        ));
  const guards = [primaryKey, tenant];
  const versionColumn =
    known.versionColumn ??
    (await askUntil(asker, {
      text: 'Version column (changes with every write: a NOT NULL integer, or a timestamp of microseconds)',
      usual: usualVersion(found, guards),
      faultOf: other(column, ...guards),
    }));
  const kind =
    known.versionKind ??
    found?.columns.find((each) => each.name === versionColumn)?.versionKind ??
    (await askUntil(asker, { text: 'Its kind, integer or timestamp', faultOf: faultOf.versionKind }));
  const columns =
    known.columns ??
    listOf(
      await askUntil(asker, {
        text: 'Columns that may be written (a, b)',
        faultOf: (answer) =>
          faultOf.columns(answer) ??
          listOf(answer)
            .map(other(column, ...guards, versionColumn))
            .find((fault) => fault !== undefined),
      }),
    );
  const versionKind = isVersionKind(kind) ? kind : 'integer';
  return {
    ...{ name, primaryKey, tenantColumn, tenantValues, versionColumn, versionKind, columns },
    // Nobody is asked for these: who needs one says so.
    ...(known.operations === undefined ? {} : { operations: known.operations }),
  };
}

/** A name that the database does not have is mistyped, unless somebody gives it twice: this login may not see all. */
async function tableNamed(asker: Asker, known: string | undefined, survey: TableSurvey | undefined) {
  for (let name = known ?? (await askName(asker, survey)), doubted: string | undefined; ; ) {
    const found = await survey?.table(name);
    if (survey === undefined || found !== undefined || name === doubted) return { name, found };
    asker.tell(
      `  ${name} is not in that database, or not for this login; the same again takes it as it is\n`,
    );
    doubted = name;
    name = await askName(asker, survey);
  }
}

async function askName(asker: Asker, survey: TableSurvey | undefined): Promise<string> {
  const tables = (await survey?.tables()) ?? [];
  const shown = tables.slice(0, MOST_SHOWN);
  shown.forEach((table, place) => {
    asker.tell(`  ${place + 1}  ${table}\n`);
  });
  if (tables.length > shown.length) asker.tell(`  and ${tables.length - shown.length} more\n`);
  const named = (answer: string) => shown[Number(answer) - 1] ?? answer;
  const answer = await askUntil(asker, {
    text: shown.length > 0 ? 'Table (a number, or schema.table)' : 'Table (schema.table)',
    faultOf: (text) => faultOf.table(named(text)),
  });
  return named(answer);
}

function described({ name, type, versionKind }: SurveyedColumn): string {
  return `${name} ${type}${versionKind === undefined ? '' : ' (can be the version)'}`;
}

function columnFault(found: SurveyedTable | undefined): (answer: string) => Fault {
  return (answer) => {
    const fault = faultOf.column(answer);
    if (fault !== undefined || found === undefined) return fault;
    return found.columns.some(({ name }) => name === answer) ? undefined : 'there is no such column';
  };
}

function other(column: (answer: string) => Fault, ...taken: readonly string[]): (answer: string) => Fault {
  return (answer) =>
    column(answer) ?? (taken.includes(answer) ? 'that column has another task already' : undefined);
}

function usualVersion(found: SurveyedTable | undefined, guards: readonly string[]): string | undefined {
  const able = (found?.columns ?? []).filter(
    ({ name, versionKind }) => versionKind !== undefined && !guards.includes(name),
  );
  return able.find(({ name }) => USUAL_VERSION.test(name))?.name;
}
