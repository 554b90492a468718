// Builds the dashboard where it was not, or its sources are newer. Whoever reads it meanwhile gets the old one or the new.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildDashboard } from '@countersign/dashboard/build';
import { isDashboardStale } from '@countersign/serve/dashboard-files';
import { DASHBOARD } from '@countersign/serve/plane-files';

if (isDashboardStale()) {
  // Everything that comes and goes does so in here: a folder of sources that something came into would count as newer.
  const folder = dirname(DASHBOARD);
  await mkdir(folder, { recursive: true });
  const begun = new Date();
  const draft = join(folder, `draft-${randomUUID()}`);
  await buildDashboard(draft);
  // A source that was changed meanwhile must count as newer.
  await utimes(draft, begun, begun);
  const last = join(folder, `last-${randomUUID()}`);
  if (existsSync(DASHBOARD)) await rename(DASHBOARD, last);
  await rename(draft, DASHBOARD);
  await rm(last, { recursive: true, force: true });
}
