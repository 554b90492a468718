import { createHash } from 'node:crypto';

/** The lineage of all versions pushed under this name. */
export function contractIdOf(name: string): string {
  return `ctr_${shortHash(`contract ${name}`)}`;
}

/** A version is its document: the same one pushed again, by whichever client, is the same version. */
export function versionIdOf(contractId: string, digest: string): string {
  return `ctv_${shortHash(`version ${contractId} ${digest}`)}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 26);
}
