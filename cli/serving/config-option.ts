import { existsSync } from 'node:fs';
import type { Context } from '../command/context.ts';
import type { Options } from '../command/options.ts';

/** The configuration that is meant where none is named: in the folder in which the command is said. */
export const USUAL_CONFIG = 'countersign.json';

export const configOption = {
  config: { type: 'string', value: 'FILE', help: `a plane of this machine; usual: ${USUAL_CONFIG}` },
} as const satisfies Options;

/** The configuration that lies here, unless another control plane is named. */
export function localConfig({ common, world }: Context): string | undefined {
  const isNamed = common.url ?? common.profile ?? (world.environment.COUNTERSIGN_URL || undefined);
  return isNamed === undefined && existsSync(USUAL_CONFIG) ? USUAL_CONFIG : undefined;
}
