import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { parseContract } from '@countersign/protocol/contract/parse-contract';
import type { Issue } from '@countersign/protocol/problem';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import { readJson } from '../files.ts';

const MOST_TOLD = 20;

/** A contract in a file, checked as the registry checks it. Throws `CliFault` with everything that is wrong. */
export async function readContract(path: string): Promise<AgentContract> {
  return checkedContract(await readJson(path), path);
}

/** The same, for a contract that came from elsewhere. */
export function checkedContract(document: unknown, where: string): AgentContract {
  const parsed = parseContract(document);
  if (parsed.ok) return parsed.contract;
  throw new CliFault(`${where} is not a valid contract\n${told(parsed.issues)}`, { code: exitCodes.failed });
}

function told(issues: readonly Issue[]): string {
  const lines = issues.slice(0, MOST_TOLD).map(({ code, message, path }) => `${path}: ${code}: ${message}`);
  return [...lines, ...(issues.length > MOST_TOLD ? [`and ${issues.length - MOST_TOLD} more`] : [])].join(
    '\n',
  );
}
