import type { KeyKindName, KeysPlace } from '@countersign/serve/keys/key-kind';
import { operand } from '../command/command.ts';
import { usageFault } from '../fault.ts';
import { USUAL_CONFIG } from './config-option.ts';

const KINDS: readonly KeyKindName[] = ['tokens', 'snapshots'];

/** The kind that the first operand names. Throws `CliFault`. */
export function kindIn(operands: readonly string[]): KeyKindName {
  const given = operand(operands, 0);
  const kind = KINDS.find((one) => one === given);
  if (kind === undefined) throw usageFault(`keys are of ${KINDS.join(' or ')}`);
  return kind;
}

/** Where the keys are that are meant. Throws `CliFault`. */
export function placeIn(
  config: string | undefined,
  file: string | undefined,
  given: readonly string[],
): KeysPlace {
  if (file === undefined) {
    if (given.length > 0) throw usageFault('--holders goes with --file: of a plane here they are looked up');
    return { config: config ?? USUAL_CONFIG };
  }
  if (config !== undefined) throw usageFault('say one of --config and --file');
  return { file, holders: given };
}
