import { foreignIdSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import { ENVIRONMENT_NAME } from './secret.ts';

/**
 * A runner's name, or the environment variable that holds it. Where many runners share one configuration, as the pods
 * of a Deployment do, each gets its own name only from outside the file; and each needs its own, since a runner that
 * says it drains ends the waiting claims of every process with its name.
 */
export function runnerIdSchema(environment: NodeJS.ProcessEnv) {
  const byVariable = z
    .strictObject({
      env: z.string().regex(ENVIRONMENT_NAME, 'must be the name of an environment variable'),
    })
    .transform(({ env }, context) => {
      const name = environment[env]?.trim() ?? '';
      if (foreignIdSchema.safeParse(name).success) return name;
      const message =
        name === ''
          ? `the environment variable ${env} is not set or empty`
          : `the environment variable ${env} must hold letters, digits and _ . : -, 160 at most`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
  return z.union([foreignIdSchema, byVariable], {
    error: 'must be a name, or {"env": "NAME"} for the variable that holds it',
  });
}
