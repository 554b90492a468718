import type { AgentContract, ContractContext, ContractPolicy } from '../contract-document.ts';
import type { Report } from '../contract-issues.ts';
import { reportRepeats } from './reviewed-capability.ts';

/** Rules about what capabilities refer to: resources, contexts, policies, and the sections that only list names. */
export function checkDocument(contract: AgentContract, report: Report): void {
  checkNames(contract, report);
  contract.contexts.forEach((context, index) => {
    checkContext(context, `$.contexts[${index}]`, report);
  });
  contract.resources?.forEach((resource, index) => {
    if (resource.tenant_key === undefined && resource.single_tenant_dev !== true) {
      report(`$.resources[${index}].tenant_key`, 'TENANT_KEY_REQUIRED', 'must name the column of the tenant');
    }
  });
  contract.policies?.forEach((policy, index) => {
    checkPolicy(policy, `$.policies[${index}]`, report);
  });
  if (contract.capabilities.some((capability) => capability.kind === 'proposal')) {
    refuseDemonstration(contract, report);
  }
  checkReferences(contract, report);
}

function checkNames(contract: AgentContract, report: Report): void {
  for (const list of ['resources', 'contexts', 'capabilities', 'policies', 'workflows'] as const) {
    const names = contract[list]?.map((item) => item.name) ?? [];
    reportRepeats(names, (index) => `$.${list}[${index}].name`, 'DUPLICATE_NAME', report);
  }
}

function checkContext(context: ContractContext, path: string, report: Report): void {
  const names = context.bindings.map((binding) => binding.name);
  reportRepeats(names, (index) => `${path}.bindings[${index}].name`, 'DUPLICATE_NAME', report);
  for (const role of ['tenant_binding', 'principal_binding'] as const) {
    const name = context[role];
    if (name !== undefined && !names.includes(name)) {
      report(`${path}.${role}`, 'UNKNOWN_CONTEXT_BINDING', `no binding of this context is called ${name}`);
    }
  }
  context.bindings.forEach((binding, index) => {
    if (binding.source !== 'reviewed_organization') return;
    if (binding.name !== (context.tenant_binding ?? 'tenant_id') || binding.required !== true) {
      report(
        `${path}.bindings[${index}]`,
        'REVIEWED_ORGANIZATION_BINDING',
        'an organization can only be the tenant, and is always required',
      );
    }
  });
}

/** A demonstration may say who asks and leave tenants away; what changes rows may not. */
function refuseDemonstration({ contexts, resources, capabilities }: AgentContract, report: Report): void {
  contexts.forEach((context, at) => {
    context.bindings.forEach((binding, index) => {
      if (binding.source !== 'static_dev') return;
      const path = `$.contexts[${at}].bindings[${index}].source`;
      report(
        path,
        'STATIC_DEV_BINDING',
        'is for demonstrations; a contract that proposes needs a real caller',
      );
    });
  });
  const holders = [
    ...(resources ?? []).map((resource, index) => [resource, `$.resources[${index}]`] as const),
    ...capabilities.map(({ subject }, index) => [subject, `$.capabilities[${index}].subject`] as const),
  ];
  for (const [holder, path] of holders) {
    if (holder.single_tenant_dev === true) {
      report(
        `${path}.single_tenant_dev`,
        'SINGLE_TENANT_DEV',
        'is for demonstrations; name the tenant column',
      );
    }
  }
}

function checkPolicy(policy: ContractPolicy, path: string, report: Report): void {
  const refuse = (place: string, message: string) => report(`${path}${place}`, 'POLICY_INVALID', message);
  if (policy.limits !== undefined && policy.kind !== 'approval') {
    refuse('.limits', 'only a policy of kind approval has limits');
  }
  policy.limits?.forEach((limit, index) => {
    if (limit.kind === 'total' && limit.field === undefined) {
      refuse(`.limits[${index}].field`, 'a total must say of which field');
    }
    if (limit.kind === 'count' && limit.field !== undefined) {
      refuse(`.limits[${index}].field`, 'a count is of changes, not of a field');
    }
  });
}

function checkReferences(contract: AgentContract, report: Report): void {
  const capabilities = new Set(contract.capabilities.map((capability) => capability.name));
  const contexts = new Set(contract.contexts.map((context) => context.name));
  contract.workflows?.forEach((workflow, at) => {
    if (!contexts.has(workflow.context)) {
      report(`$.workflows[${at}].context`, 'UNKNOWN_CONTEXT', `no context is called ${workflow.context}`);
    }
    workflow.allowed_capabilities.forEach((name, index) => {
      if (capabilities.has(name)) return;
      const path = `$.workflows[${at}].allowed_capabilities[${index}]`;
      report(path, 'UNKNOWN_CAPABILITY', `no capability is called ${name}`);
    });
  });
  contract.proposals?.forEach(({ capability }, index) => {
    if (capabilities.has(capability)) return;
    report(`$.proposals[${index}].capability`, 'UNKNOWN_CAPABILITY', `no capability is called ${capability}`);
  });
}
