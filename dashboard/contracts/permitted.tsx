import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import sheet from '../in-force/sheet.module.css';
import { Notice } from '../ui/notice.tsx';
import { ActionCard } from './action-card.tsx';
import { CapabilityCard } from './capability-card.tsx';
import { bindingWords } from './contract-words.ts';
import { WordList } from './word-list.tsx';

/** What agents may ask for by a version, in words, each thing with who has to agree to it. */
export function Permitted({ contract }: { readonly contract: AgentContract }) {
  const changes = contract.capabilities.filter(({ proposal }) => proposal !== undefined);
  const reads = contract.capabilities.filter(({ proposal }) => proposal === undefined);
  const actions = contract['x-cloud-actions'] ?? [];
  if (contract.capabilities.length + actions.length === 0)
    return (
      <Notice title="It allows nothing." next="A contract without capabilities holds everything back." />
    );
  return (
    <div className={sheet.part}>
      {changes.length === 0 ? null : <h2>Changes that can be proposed: {changes.length}</h2>}
      {changes.map((capability) => (
        <CapabilityCard key={capability.name} contract={contract} capability={capability} />
      ))}
      {reads.length === 0 ? null : <h2>What can be read: {reads.length}</h2>}
      {reads.map((capability) => (
        <CapabilityCard key={capability.name} contract={contract} capability={capability} />
      ))}
      {actions.length === 0 ? null : <h2>Effects outside of the database: {actions.length}</h2>}
      {actions.map((action) => (
        <ActionCard key={action.name} action={action} />
      ))}
      <h2>What the agent does not choose</h2>
      <WordList words={contract.contexts.flatMap(bindingWords)} />
    </div>
  );
}
