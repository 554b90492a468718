import { expect, test } from 'vitest';
import { proposalRow, submissionOf } from '../test-support.ts';
import { proposalOutline } from './proposal-outline.ts';

test('an outline has no digest of what was asked, which could be guessed', () => {
  const row = proposalRow({ effect_digest: 'sha256:unmistakable', proposal_hash: 'sha256:unmistakable' });
  const outline = proposalOutline(row.tenant, { row, body: submissionOf(row) });
  expect(outline).toMatchObject({ proposal_id: row.proposal_id, status: 'pending_review' });
  expect(JSON.stringify(outline)).not.toContain('unmistakable');
});
