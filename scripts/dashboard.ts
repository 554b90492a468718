// Builds the dashboard where it was not, or its sources are newer. Whoever reads it meanwhile gets the old one or the new.
import { randomUUID } from 'node:crypto';
import { rename, rm, utimes } from 'node:fs/promises';
import { buildDashboard } from '@countersign/dashboard/build';
import { isDashboardStale } from '@countersign/serve/dashboard-files';
import { DASHBOARD } from '@countersign/serve/plane-files';

if (isDashboardStale()) {
  const begun = new Date();
  const draft = `${DASHBOARD}-${randomUUID()}`;
  await buildDashboard(draft);
  // A source that was changed meanwhile must count as newer.
  await utimes(draft, begun, begun);
  await rm(DASHBOARD, { recursive: true, force: true });
  await rename(draft, DASHBOARD);
}
