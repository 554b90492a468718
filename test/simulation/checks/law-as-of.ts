import type { Placed } from '@countersign/durable-objects/tenant/turn/event';
import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import type { PolicyDocument } from '@countersign/protocol/policy-document';

/** The law of the tenant as the ledger says it, entry by entry; made without the rows that rules go by. */
export class LawAsOf {
  readonly #contracts = new Map<string, AgentContract>();
  readonly #inForce = new Map<string, string>();
  readonly #saved = new Map<string, PolicyDocument>();
  readonly #policies = new Map<string, PolicyDocument>();
  readonly #roles = new Map<string, readonly string[]>();

  take(entry: Placed): void {
    switch (entry.type) {
      case 'contract.pushed':
        this.#contracts.set(entry.body.digest, entry.body.contract);
        return;
      case 'contract.activated':
        for (const name of entry.body.retired) this.#inForce.delete(name);
        for (const name of entry.body.capabilities) this.#inForce.set(name, entry.body.digest);
        return;
      case 'policy.saved':
        this.#saved.set(entry.body.digest, entry.body.policy);
        return;
      case 'policy.activated':
        this.#activate(entry.body.name, entry.body.digest);
        return;
      case 'policy.retired':
        this.#policies.delete(entry.body.name);
        return;
      case 'member.added':
      case 'member.roles_changed':
        this.#roles.set(entry.body.person, entry.body.approval_roles);
        return;
      default:
        return;
    }
  }

  /** The digest of the contract that has this capability now. */
  inForce(capability: string): string | undefined {
    return this.#inForce.get(capability);
  }

  contract(digest: string | undefined): AgentContract | undefined {
    return digest === undefined ? undefined : this.#contracts.get(digest);
  }

  policy(name: string): PolicyDocument | undefined {
    return this.#policies.get(name);
  }

  approvalRoles(person: string): readonly string[] {
    return this.#roles.get(person) ?? [];
  }

  #activate(name: string, digest: string): void {
    const policy = this.#saved.get(digest);
    if (policy !== undefined) this.#policies.set(name, policy);
  }
}
