import { rehearsalSchema } from '@countersign/protocol/rehearsal';
import { describe, expect, test } from 'vitest';
import {
  capability,
  contractOf,
  inForce,
  rehearsalState,
  rehearsedSubmission,
  rehearsingRow,
  requestOf,
} from '../test-contract.ts';
import { proposalRow, worldOf } from '../test-support.ts';
import type { Body } from '../turn/body.ts';
import { rehearsalForm } from './rehearsal-form.ts';

const row = rehearsingRow();

function formOf(body: Body, contract = contractOf(), proposal = row) {
  const law = inForce(contract);
  const world = worldOf({
    keyed: law.keyed,
    proposals: [proposal],
    bodies: [...law.bodies, { seq: proposal.body_seq, body }],
  });
  return rehearsalForm(world, proposal);
}

describe('what a runner is asked to rehearse', () => {
  test('is the guarded change that was asked for, and no column more than reviewers agreed to show', () => {
    const form = formOf(requestOf(row));
    expect(rehearsalSchema.safeParse(form).success).toBe(true);
    expect(form).toMatchObject({
      rehearsal_id: `rhj_1_${row.proposal_id}`,
      lease_id: 'lse_1',
      agent: 'crd_agent',
      target: {
        schema: 'public',
        table: 'invoices',
        primary_key: { column: 'id', value: 'INV-1' },
        tenant_guard: { column: 'tenant_id', value: 'acme' },
      },
      visible_columns: ['fee'],
      version_column: 'version',
      allowed_columns: ['fee'],
      patch: { fee: 0 },
    });
    expect(form?.target).not.toHaveProperty('principal_scope');
  });

  test('is the same of the change set that came of it', () => {
    expect(formOf(rehearsedSubmission(row))).toEqual(formOf(requestOf(row)));
  });

  test('names the principal where the contract fences rows by them', () => {
    const { subject } = capability();
    const scoped = contractOf(capability({ subject: { ...subject, principal_scope_key: 'owner' } }));
    const form = formOf(requestOf(row, scoped), scoped);
    expect(rehearsalSchema.safeParse(form).success).toBe(true);
    expect(form?.target.principal_scope).toMatchObject({ column: 'owner', value: 'principal' });
  });

  test('is nothing once the capability is in force no more', () => {
    const other = contractOf(capability({ name: 'invoices.other' }));
    expect(formOf(requestOf(row), other)).toBeUndefined();
  });

  test('is nothing of a proposal that nobody was given', () => {
    expect(formOf(requestOf(row), contractOf(), proposalRow())).toBeUndefined();
    const asked = rehearsingRow({ rehearsal: rehearsalState({ status: 'asked', lease_id: null }) });
    expect(formOf(requestOf(asked), contractOf(), asked)).toBeUndefined();
  });
});
