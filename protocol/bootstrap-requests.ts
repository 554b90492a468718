import * as z from 'zod';
import { distinctScopesSchema, expirySchema } from './credential-requests.ts';
import { shownNameSchema } from './people-requests.ts';
import { foreignIdSchema } from './values.ts';

const common = {
  project_id: foreignIdSchema.optional(),
  /** Which tool the account is for. */
  name: shownNameSchema.default('first-run'),
  expires_at: expirySchema.optional(),
};

/** What is asked for in exchange for the bootstrap token. */
export const exchangeBootstrapSchema = z.strictObject(common);

/** A service account on a plane that asks nobody who they are. */
export const localServiceSchema = z.strictObject({ ...common, scopes: distinctScopesSchema.optional() });
