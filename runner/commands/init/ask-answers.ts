import { readSecret } from '../../config/secret.ts';
import { openSurvey } from '../../databases/open-survey.ts';
import type { TableSurvey } from '../../databases/table-survey.ts';
import { explainFault } from '../explain-fault.ts';
import {
  type Answers,
  type Engine,
  faultOf,
  isEngine,
  type PartialAnswers,
  type TableAnswers,
  USUAL_ROLE,
  USUAL_TOKEN_ENV,
  usualReceipts,
  usualRunnerId,
} from './answers.ts';
import { type Asker, askUntil } from './ask.ts';
import { askTable } from './ask-table.ts';

/** Asks for what the flags did not say. Throws `AskingEnded`. */
export async function askAnswers(
  asker: Asker,
  known: PartialAnswers,
  environment: NodeJS.ProcessEnv,
): Promise<Answers> {
  asker.tell('An empty answer takes what stands in brackets. Nothing is written before the last answer.\n\n');
  const ask = async (
    answer: string | undefined,
    text: string,
    check: (text: string) => string | undefined,
    usual?: string,
  ) => answer ?? (await askUntil(asker, { text, usual, faultOf: check }));
  const named = await ask(
    known.engine,
    'Engine, postgres or mysql (MariaDB too)',
    faultOf.engine,
    'postgres',
  );
  const engine = isEngine(named) ? named : 'postgres';
  const databaseUrlEnv = await ask(
    known.databaseUrlEnv,
    'Environment variable that holds the database URL (its NAME)',
    faultOf.variable,
    'DATABASE_URL',
  );
  const survey = await surveyOf(asker, engine, databaseUrlEnv, environment);
  const tables = await askTables(asker, known, survey).finally(() => survey?.close());
  const sourceId = await ask(
    known.sourceId,
    'Source id (as the control plane has it, such as src_billing)',
    faultOf.id,
  );
  const controlPlaneUrl = await ask(known.controlPlaneUrl, 'Control plane (https://...)', faultOf.url);
  const runnerId = await ask(known.runnerId, 'Runner id (one for each process)', faultOf.id, usualRunnerId());
  const { receipts = usualReceipts(engine, tables), role = USUAL_ROLE, tokenEnv = USUAL_TOKEN_ENV } = known;
  return { engine, databaseUrlEnv, tables, receipts, controlPlaneUrl, tokenEnv, sourceId, runnerId, role };
}

async function askTables(
  asker: Asker,
  known: PartialAnswers,
  survey: TableSurvey | undefined,
): Promise<TableAnswers[]> {
  const tables: TableAnswers[] = [];
  for (const table of known.tables) tables.push(await askTable(asker, table, survey));
  if (tables.length > 0) return tables;
  for (;;) {
    tables.push(await askTable(asker, {}, survey));
    const more = await askUntil(asker, {
      text: 'Another table, yes or no',
      usual: 'no',
      faultOf: (answer) => (/^(y|yes|n|no)$/i.test(answer) ? undefined : 'must be yes or no'),
    });
    if (/^n/i.test(more)) return tables;
  }
}

/** The database that the variable names, to offer what it has; none where it cannot be asked. */
async function surveyOf(
  asker: Asker,
  engine: Engine,
  variable: string,
  environment: NodeJS.ProcessEnv,
): Promise<TableSurvey | undefined> {
  const reference = { env: variable };
  if (!environment[variable] && !environment[`${variable}_FILE`]) {
    asker.tell(`  ${variable} is not set here, so nothing can be offered\n`);
    return undefined;
  }
  try {
    const survey = await openSurvey(engine, await readSecret(reference, environment), variable);
    asker.tell(`  ${survey.server}; this session only reads\n`);
    return survey;
  } catch (error) {
    asker.tell(`  ${explainFault(error).text.replaceAll('\n', '; ')}\n  the questions go on without it\n`);
    return undefined;
  }
}
