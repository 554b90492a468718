import { acceptanceScenarios } from './areas/acceptance-run.ts';
import { activityScenarios } from './areas/activity.ts';
import { apiKeyScenarios } from './areas/api-keys.ts';
import { contractScenarios } from './areas/contracts.ts';
import { deviceLoginScenarios } from './areas/device-login.ts';
import { exportScenarios } from './areas/exports.ts';
import { jobFormScenarios } from './areas/job-forms.ts';
import { jobScenarios } from './areas/jobs-and-results.ts';
import { runnerScenarios } from './areas/runner.ts';
import { runnerBundleScenarios } from './areas/runner-bundle.ts';
import { runnerTokenScenarios } from './areas/runner-tokens.ts';
import { sessionScenarios } from './areas/sessions-and-projects.ts';
import { transportScenarios } from './areas/transport.ts';
import type { Scenario } from './scenario.ts';

/**
 * What existing clients rely on, one line each: the specification of which docs/compatibility.md is the table. It is
 * made from PROTOCOL.md alone, speaks HTTP and nothing else, and knows none of the plane's code.
 */
export const scenarios: readonly Scenario[] = [
  ...transportScenarios,
  ...deviceLoginScenarios,
  ...sessionScenarios,
  ...apiKeyScenarios,
  ...runnerTokenScenarios,
  ...contractScenarios,
  ...runnerBundleScenarios,
  ...runnerScenarios,
  ...jobFormScenarios,
  ...jobScenarios,
  ...activityScenarios,
  ...exportScenarios,
  ...acceptanceScenarios,
];
