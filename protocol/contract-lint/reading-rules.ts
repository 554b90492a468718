import { canonicalJson } from '../canonical-json.ts';
import type { ContractContext } from '../contract/contract-document.ts';
import type { CapabilityView, ProposalView } from './contract-view.ts';
import type { CheckedRule, Spot } from './lint-rule.ts';

/** A group of fewer can often be guessed back into persons. */
const SMALLEST_GROUP = 5;

/* Which rows are reached, and what those who choose and decide are told. */
export const readingRules = [
  {
    code: 'principal_scope_uneven',
    severity: 'warning',
    title: 'Another capability on the table is narrowed to the principal',
    why: 'What one capability allows only on own rows, this one allows on those of everybody in the tenant.',
    fix: 'Add principal_scope_key here too, or say in the description why everybody may.',
    check: ({ capabilities }) =>
      capabilities.flatMap((view) => {
        const { capability, table, path } = view;
        if (capability.kind === 'aggregate_read' || isScoped(view)) return [];
        const scoped = capabilities.find((other) => other.table === table && isScoped(other));
        return scoped
          ? [
              {
                path: `${path}.subject`,
                message: `${capability.name} reaches all rows of ${table}, ${scoped.capability.name} only own ones`,
              },
            ]
          : [];
      }),
  },
  {
    code: 'trusted_binding_optional',
    severity: 'warning',
    title: 'The tenant or the principal may be missing',
    why: 'Both fence rows off; a call without one should be refused before anything is read.',
    fix: 'Set required: true on the binding.',
    check: ({ contract }) => contract.contexts.flatMap((context, index) => optionalBindings(context, index)),
  },
  {
    code: 'small_groups',
    severity: 'danger',
    title: 'Groups are answered that are small enough to be persons',
    why: `A number about fewer than ${SMALLEST_GROUP} rows tells what stands in them.`,
    fix: `Set minimum_group_size to ${SMALLEST_GROUP} or more.`,
    check: ({ capabilities }) => capabilities.flatMap(smallGroup),
  },
  {
    code: 'evidence_not_required',
    severity: 'warning',
    title: 'A change is proposed without evidence',
    why: 'Later nobody can tell what the agent had read when it proposed.',
    fix: 'Set evidence.required.',
    check: ({ proposals }) =>
      proposals
        .filter(
          ({ capability, operation }) => operation !== 'insert' && capability.evidence?.required !== true,
        )
        .map(({ capability, path }) => ({
          path: `${path}.evidence`,
          message: `${capability.name} asks for no evidence`,
        })),
  },
  {
    code: 'duplicate_capability',
    severity: 'warning',
    title: 'Two capabilities do the same',
    why: 'Limits, reviews and later changes reach one of them, and the other stays open.',
    fix: 'Remove one.',
    check: ({ proposals }) => duplicates(proposals),
  },
  {
    code: 'capability_undescribed',
    severity: 'note',
    title: 'A capability has no description',
    why: 'The model chooses a capability by its description, and guesses without one.',
    fix: 'Say in a sentence what it does and when to use it.',
    check: ({ capabilities }) =>
      capabilities
        .filter(({ capability }) => capability.description === undefined)
        .map(({ capability, path }) => ({ path, message: `${capability.name} has no description` })),
  },
  {
    code: 'arguments_undescribed',
    severity: 'note',
    title: 'Arguments have no description',
    why: 'Units, formats and meaning are then guessed from the name.',
    fix: 'Give every argument a description, with its unit.',
    check: ({ capabilities }) =>
      capabilities.flatMap(({ capability, path }) => {
        const silent = Object.entries(capability.args)
          .filter(([, spec]) => spec.description === undefined)
          .map(([name]) => name);
        return silent.length > 0
          ? [
              {
                path: `${path}.args`,
                message: `${capability.name}: ${silent.join(', ')} without a description`,
              },
            ]
          : [];
      }),
  },
] as const satisfies readonly CheckedRule[];

function isScoped({ capability }: CapabilityView): boolean {
  return capability.subject.principal_scope_key !== undefined;
}

function optionalBindings(context: ContractContext, index: number): Spot[] {
  const trusted = [context.tenant_binding ?? 'tenant_id', context.principal_binding ?? 'principal'];
  return context.bindings.flatMap(({ name, required }, position) =>
    trusted.includes(name) && required !== true
      ? [
          {
            path: `$.contexts[${index}].bindings[${position}]`,
            message: `${context.name}: ${name} may be missing`,
          },
        ]
      : [],
  );
}

function smallGroup({ capability, path }: CapabilityView): Spot[] {
  const sizes = {
    aggregate: capability.aggregate?.minimum_group_size,
    'protected_read.aggregate': capability.protected_read?.aggregate?.minimum_group_size,
  };
  return Object.entries(sizes).flatMap(([at, size]) =>
    size !== undefined && size < SMALLEST_GROUP
      ? [
          {
            path: `${path}.${at}.minimum_group_size`,
            message: `${capability.name} answers groups of ${size}`,
          },
        ]
      : [],
  );
}

function duplicates(proposals: readonly ProposalView[]): Spot[] {
  const firsts = new Map<string, string>();
  return proposals.flatMap((view) => {
    const effect = effectOf(view);
    const { name } = view.capability;
    const first = firsts.get(effect);
    if (first === undefined) firsts.set(effect, name);
    return first === undefined ? [] : [{ path: view.path, message: `${name} does the same as ${first}` }];
  });
}

/** What would be written, whatever the arguments are called. */
function effectOf({ capability, table, proposal, operation, writes }: ProposalView): string {
  return canonicalJson({
    table,
    kind: operation,
    operation: proposal.operation ?? null,
    source: capability.source ?? null,
    context: capability.context,
    scope: capability.subject.principal_scope_key ?? null,
    writeback: proposal.writeback ?? null,
    writes: writes
      .toSorted((a, b) => (a.column < b.column ? -1 : 1))
      .map(({ column, chosen, fixed }) => [
        column,
        chosen === undefined ? null : { ...chosen.spec, description: '' },
        fixed ?? null,
      ]),
    bounds: proposal.numeric_bounds ?? null,
    transitions: proposal.transition_guards ?? null,
  });
}
