import type { CapabilityView, ContractView } from './contract-view.ts';
import type { CheckedRule, Spot } from './lint-rule.ts';
import { looksLikeAuthority, looksLikePersonalData, looksLikeSecret } from './telling-names.ts';

/* Which columns are written, and which are shown. */
export const columnRules = [
  {
    code: 'allowed_fields_too_wide',
    severity: 'warning',
    title: 'More columns are allowed than written',
    why: 'The allow-list travels with every job as the ceiling of what may be written; a column on it that no patch needs is only good for mistakes.',
    fix: 'Take the columns that the patch does not write out of allowed_fields.',
    check: ({ proposals }) =>
      proposals.flatMap(({ capability, proposal, path }) => {
        const extra = proposal.allowed_fields.filter((column) => !Object.hasOwn(proposal.patch, column));
        return extra.length > 0
          ? [
              {
                path: `${path}.proposal.allowed_fields`,
                message: `${capability.name}: ${extra.join(', ')} may be written, and the patch does not write it`,
              },
            ]
          : [];
      }),
  },
  {
    code: 'authority_column_written',
    severity: 'danger',
    title: 'A column that gives rights is written',
    why: 'Who may set roles, owners or credentials may become anybody; agents should not be one approval away from it.',
    fix: 'Leave such columns to the application that owns them.',
    check: ({ proposals }) =>
      proposals.flatMap(({ capability, writes }) =>
        writes
          .filter(({ column }) => looksLikeAuthority(column))
          .map(({ column, path }) => ({ path, message: `${capability.name}: ${column} looks like a right` })),
      ),
  },
  {
    code: 'secret_field_visible',
    severity: 'danger',
    title: 'A secret is visible',
    why: 'What is visible reaches the model, the evidence and every reviewer, and stays in all of them.',
    fix: 'Move the column to kept_out_fields.',
    check: visible(looksLikeSecret, 'looks like a secret'),
  },
  {
    code: 'personal_field_visible',
    severity: 'warning',
    title: 'Personal data is visible',
    why: 'The model and the evidence get the data of a person whom the change may not need to name.',
    fix: 'Move the column to kept_out_fields, or to model_withheld_fields if reviewers need it.',
    check: visible(looksLikePersonalData, 'looks like personal data'),
  },
  {
    code: 'kept_out_elsewhere',
    severity: 'danger',
    title: 'What one capability keeps out, another shows',
    why: 'Whoever holds both capabilities reads the column through the other one: keeping it out protects nothing.',
    fix: 'Keep the column out of every capability on the table, or say why it need not be.',
    check: ({ capabilities }) => capabilities.flatMap((view) => shownElsewhere(view, capabilities)),
  },
] as const satisfies readonly CheckedRule[];

function visible(suspect: (column: string) => boolean, says: string): (contract: ContractView) => Spot[] {
  return ({ capabilities }) =>
    capabilities.flatMap((view) =>
      shown(view)
        .filter(suspect)
        .map((column) => spotOf(view, `${column} is visible and ${says}`)),
    );
}

function shownElsewhere(view: CapabilityView, all: readonly CapabilityView[]): Spot[] {
  return shown(view).flatMap((column) => {
    const keeper = all.find(
      ({ capability, table }) =>
        table === view.table && capability.kept_out_fields?.some((field) => isColumn(field, column)),
    );
    return keeper ? [spotOf(view, `${column} is visible, and ${keeper.capability.name} keeps it out`)] : [];
  });
}

/** Databases fold the case of names, so `IBAN` and `iban` are one column. */
function isColumn(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function shown({ capability }: CapabilityView): string[] {
  return capability.visible_fields.filter((column) => !capability.model_withheld_fields?.includes(column));
}

function spotOf({ capability, path }: CapabilityView, says: string): Spot {
  return { path: `${path}.visible_fields`, message: `${capability.name}: ${says}` };
}
