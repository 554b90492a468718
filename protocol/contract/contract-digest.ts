import { digest } from '../canonical-json.ts';
import type { AgentContract } from './contract-document.ts';

/** What names a contract: `sha256:` over its canonical JSON. Existing runners compute the same from the same file. */
export function contractDigest(contract: AgentContract): string {
  return digest(contract);
}
