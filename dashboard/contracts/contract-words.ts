import type { ActionContract } from '@countersign/protocol/action/action-contract';
import type {
  AgentContract,
  ArgumentSpec,
  Capability,
  ContractContext,
  ContractPolicy,
  ContractResource,
  ProposalAction,
} from '@countersign/protocol/contract/contract-document';
import { boundText } from '../format/bound.ts';
import { moneyText } from '../format/money.ts';

/* What a contract permits, in words: each says what the document says, and nothing that it leaves open. */

const CHANGES = { update: 'Changes', insert: 'Adds', delete: 'Deletes' } as const;

/** `Changes one row of public.invoices`. */
export function effectWords(contract: AgentContract, capability: Capability): string {
  const { max_rows, proposal } = capability;
  const table = tableOf(contract, capability);
  if (proposal === undefined) {
    if (capability.kind === 'aggregate_read') return `Reads numbers over rows of ${table}, no single row`;
    return max_rows === undefined ? `Reads rows of ${table}` : `Reads at most ${max_rows} rows of ${table}`;
  }
  const { cardinality, kind = 'update', max_rows: most } = proposal.operation ?? {};
  if (cardinality !== 'set') return `${CHANGES[kind]} one row of ${table}`;
  return `${CHANGES[kind]} ${most === undefined ? 'several' : `at most ${most}`} rows of ${table} at once`;
}

export function tableOf(contract: AgentContract, { subject }: Capability): string {
  const { schema, table } = { ...resourceOf(contract, subject.resource), ...subject };
  return [schema, table].filter(Boolean).join('.') || (subject.resource ?? 'no table');
}

function resourceOf({ resources }: AgentContract, name: string | undefined): Partial<ContractResource> {
  return resources?.find((resource) => resource.name === name) ?? {};
}

/** Which rows can be reached: by which key, and by what they are fenced off. */
export function rowWords(contract: AgentContract, capability: Capability): readonly string[] {
  const { lookup, subject } = capability;
  const { primary_key, tenant_key } = { ...resourceOf(contract, subject.resource), ...subject };
  const bindings = contract.contexts.find(({ name }) => name === capability.context);
  const words: string[] = [];
  if (lookup !== undefined) words.push(`${primary_key ?? 'its key'} is the argument ${lookup.id_from_arg}`);
  words.push(
    tenant_key === undefined
      ? 'no tenant separates its rows'
      : `${tenant_key} is the tenant of the agent’s credential${boundBy(bindings?.tenant_binding)}`,
  );
  if (subject.principal_scope_key !== undefined)
    words.push(
      `${subject.principal_scope_key} is whom the agent acts for${boundBy(bindings?.principal_binding)}`,
    );
  return words;
}

function boundBy(binding: string | undefined): string {
  return binding === undefined ? '' : ` (${binding})`;
}

/** A column that is written: from what, and how far it may go. */
export interface WrittenColumn {
  readonly column: string;
  readonly from: string;
  readonly bound: string;
}

export function writtenColumns({ args, proposal }: Capability): readonly WrittenColumn[] {
  return Object.entries(proposal?.patch ?? {}).map(([column, { fixed, from_arg, from_item }]) => {
    const bound = boundText(column, proposal?.numeric_bounds?.[column], {});
    const steps = transitionWords(proposal?.transition_guards?.[column]);
    const spec = from_arg === undefined ? undefined : args[from_arg];
    return {
      column,
      from: sourceOf(column, fixed, from_arg ?? from_item),
      bound: [bound, steps, spec === undefined ? '' : takenWords(spec)].filter(Boolean).join('; '),
    };
  });
}

function sourceOf(column: string, fixed: unknown, argument: string | undefined): string {
  if (argument !== undefined) return `the argument ${argument}`;
  return `always ${moneyText(column, fixed, {}) ?? JSON.stringify(fixed)}`;
}

type Transitions = NonNullable<ProposalAction['transition_guards']>[string];

function transitionWords(guard: Transitions | undefined): string {
  return Object.entries(guard?.allowed ?? {})
    .map(([from, to]) => `${from} → ${to.join(' or ')}`)
    .join(', ');
}

/** What an argument may be, beyond the bounds of its column. */
function takenWords(spec: ArgumentSpec): string {
  if (spec.type === 'object_array') return `at most ${spec.max_items} items`;
  if (spec.enum !== undefined) return `one of ${spec.enum.join(', ')}`;
  if (spec.type === 'string')
    return spec.max_length === undefined ? 'text of any length' : `at most ${spec.max_length} characters`;
  return '';
}

/** Who has to agree before anything is written. */
export function approvalWords(contract: AgentContract, { approval }: ProposalAction): readonly string[] {
  if (approval?.mode === undefined)
    return ['one approval by anybody who may approve: the contract says nothing about it'];
  const people = peopleWords(approval.required_approvals ?? 1, approval.required_role);
  if (approval.mode !== 'policy') return [people];
  const policy = contract.policies?.find(({ name }) => name === approval.policy);
  return [...policyWords(approval.policy ?? '', policy), `beyond that ${people}`];
}

export function peopleWords(approvals: number, role: string | undefined): string {
  const who = role ?? 'anybody who may approve';
  return approvals === 1 ? `one approval by ${who}` : `${approvals} approvals by ${who}, different people`;
}

function policyWords(name: string, policy: ContractPolicy | undefined): readonly string[] {
  const rules = (policy?.rules ?? []).map(
    ({ field, max }) => `${field} at most ${moneyText(field, max, {}) ?? max}`,
  );
  const limits = (policy?.limits ?? []).map(({ field = '', kind, max, scope }) => {
    const what =
      kind === 'count' ? `${max} changes` : `${moneyText(field, max, {}) ?? max} of ${field} in total`;
    return `${what} a day${scope === 'tenant_policy_object' ? ' for each row' : ''}`;
  });
  const within = [...rules, ...limits];
  return [`nobody, where the policy ${name} takes it${within.length === 0 ? '' : `: ${within.join(', ')}`}`];
}

/** How it is written, and what guards the write. */
export function writingWords({
  conflict_guard,
  execution,
  reversibility,
  writeback,
}: ProposalAction): readonly string[] {
  const ways = {
    direct_sql: 'a runner writes it, in one guarded statement',
    app_handler: `the application writes it (${writeback?.executor ?? 'its handler'})`,
    cloud_worker: `a worker writes it (${writeback?.executor ?? 'not named'})`,
    none: 'nothing is written',
  };
  return [
    ways[writeback?.mode ?? 'direct_sql'],
    ...(conflict_guard?.column === undefined
      ? []
      : [`only while ${conflict_guard.column} is as it was when it was proposed`]),
    ...(execution === undefined ? [] : ['a worker may apply it with nobody attending']),
    ...(reversibility === undefined ? [] : ['it can be reverted by a reviewed inverse']),
  ];
}

/** What an effect outside of the database is told, field by field. */
export function inputColumns({ args, input }: ActionContract): readonly WrittenColumn[] {
  return Object.entries(input).map(([column, field]) => {
    if ('from_binding' in field)
      return { column, from: `the agent’s credential (${field.from_binding})`, bound: '' };
    if ('fixed' in field) return { column, from: sourceOf(column, field.fixed, undefined), bound: '' };
    const spec = args[field.from_arg];
    return {
      column,
      from: sourceOf(column, undefined, field.from_arg),
      bound:
        spec === undefined ? '' : [rangeWords(column, spec), takenWords(spec)].filter(Boolean).join('; '),
    };
  });
}

function rangeWords(column: string, spec: ArgumentSpec): string {
  return spec.type === 'number' ? boundText(column, spec, {}) : '';
}

export function actionApprovalWords({ approval }: ActionContract): string {
  if (approval.mode === 'none') return 'nobody: every well-formed one goes on at once';
  const people = peopleWords(approval.required_approvals ?? 1, approval.required_role);
  return approval.mode === 'policy' ? `nobody, where a policy takes it; beyond that ${people}` : people;
}

const SOURCES = {
  environment: 'the environment of the runner',
  http_claim: 'a claim of the caller’s token',
  cloud_session: 'the agent’s credential',
  session: 'the agent’s credential',
  reviewed_organization: 'the organization that was reviewed',
  static_dev: 'a fixed text, for demonstrations',
};

/** Whom an agent acts for, and where that is known from. */
export function bindingWords({ bindings }: ContractContext): readonly string[] {
  return bindings.map(
    ({ key, name, required, source }) =>
      `${name} comes from ${SOURCES[source]} (${key})${required === true ? '' : ', and may be missing'}`,
  );
}
