import type { Options } from '../command/options.ts';

/** The configuration that is meant where none is named: in the folder in which the command is said. */
export const USUAL_CONFIG = 'countersign.json';

export const configOption = {
  config: { type: 'string', value: 'FILE', help: `a plane of this machine; usual: ${USUAL_CONFIG}` },
} as const satisfies Options;
