// Writes those tables of docs/ that are made from the code. With --check it writes nothing, and fails when one is
// stale or when a page names a file or a test that is not there.
import './require-node-24.mjs';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { authorizationTable } from './docs/authorization-table.ts';
import { benchTable } from './docs/bench-table.ts';
import { brokenReferences } from './docs/broken-references.ts';
import { compatibilityTable } from './docs/compatibility-table.ts';
import { contractChangesTable, contractFindingsTable } from './docs/contract-tables.ts';
import { dependencyTables } from './docs/dependency-table.ts';
import { doctorTable } from './docs/doctor-table.ts';
import { errorCodeTable } from './docs/error-code-table.ts';
import { limitsTable } from './docs/limits-table.ts';
import { logEventTable, logFieldTable } from './docs/log-tables.ts';
import { replaceSection } from './docs/marked-section.ts';
import { routeTable } from './docs/route-table.ts';

const ROOT = join(import.meta.dirname, '..');

const dependencies = dependencyTables(ROOT);
const sections: readonly (readonly [page: string, name: string, body: string])[] = [
  ['docs/protocol.md', 'routes', routeTable()],
  ['docs/protocol.md', 'error-codes', errorCodeTable()],
  ['docs/compatibility.md', 'compatibility', compatibilityTable()],
  ['docs/contracts.md', 'contract-findings', contractFindingsTable()],
  ['docs/contracts.md', 'contract-changes', contractChangesTable()],
  ['docs/authorization.md', 'authorization', authorizationTable()],
  ['docs/dependencies.md', 'product', dependencies.product],
  ['docs/dependencies.md', 'tools', dependencies.tools],
  ['docs/operations/health.md', 'doctor-findings', doctorTable()],
  ['docs/logs.md', 'log-fields', logFieldTable()],
  ['docs/logs.md', 'log-events', logEventTable()],
  ['docs/operations/limits.md', 'limits', limitsTable()],
  ['docs/architecture.md', 'bench', benchTable(ROOT)],
];

if (process.argv.includes('--check')) check();
else write();

function write(): void {
  for (const [page, name, body] of sections) {
    const path = join(ROOT, page);
    writeFileSync(path, replaceSection(readFileSync(path, 'utf8'), name, body));
  }
}

function check(): void {
  const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).toSorted();
  const stale = sections
    .filter(([page, name, body]) => {
      const text = readFileSync(join(ROOT, page), 'utf8');
      return text !== replaceSection(text, name, body);
    })
    .map(
      ([page, name]) =>
        `${page}: the table ${name} is stale; run \`node scripts/docs.ts\` and commit the result`,
    );
  const faults = [...stale, ...pages.flatMap((page) => brokenReferences(ROOT, page))];
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
  else console.log(`${pages.length} pages say what the code says, and name only what is there`);
}
