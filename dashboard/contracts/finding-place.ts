import type { AgentContract } from '@countersign/protocol/contract/contract-document';

const MEMBER = /^\$\.(resources|contexts|capabilities|policies|x-cloud-actions)\[(\d+)\](.*)$/;

/** Where a finding is, by the name of what it is about: `$.capabilities[0].args` becomes `billing.waive, args`. */
export function placeOf(path: string, contract: AgentContract): string {
  const [, list, index, inside = ''] = MEMBER.exec(path) ?? [];
  const name = namesOf(contract, list)[Number(index)];
  return name === undefined ? path : [name, inside.replace(/^\./, '')].filter(Boolean).join(', ');
}

function namesOf(contract: AgentContract, list: string | undefined): readonly string[] {
  switch (list) {
    case 'resources':
    case 'contexts':
    case 'capabilities':
    case 'policies':
    case 'x-cloud-actions':
      return (contract[list] ?? []).map(({ name }) => name);
    default:
      return [];
  }
}
