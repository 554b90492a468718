import { digest } from '@countersign/protocol/canonical-json';
import { type PolicyDocument, policyDocumentSchema } from '@countersign/protocol/policy-document';
import * as z from 'zod';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';

const viewSchema = z.looseObject({
  policy: z.looseObject({
    status: z.string().nullish().catch(undefined),
    version: z.number().nullish().catch(undefined),
    /** Of the newest document. */
    digest: z.string(),
    active_digest: z.string().nullish().catch(undefined),
    policy: z.record(z.string(), z.unknown()),
  }),
});

export interface PolicyDetail {
  readonly status: string | undefined;
  readonly version: number | undefined;
  readonly digest: string;
  readonly activeDigest: string | undefined;
  readonly document: PolicyDocument;
}

/**
 * A policy as somebody decides about it. Throws `CliFault` where its document cannot be read as a whole, or its digest
 * is another one: what is not shown must not be agreed to.
 */
export function policyDetailOf(view: unknown, name: string): PolicyDetail {
  const parsed = viewSchema.safeParse(view);
  if (!parsed.success) throw unreadable('the answer holds no document with a digest', name);
  const { active_digest, policy, status, version, ...rest } = parsed.data.policy;
  const document = policyDocumentSchema.safeParse(policy);
  if (!document.success) throw unreadable('this version cannot read all of the policy', name);
  if (digest(policy) !== rest.digest)
    throw unreadable('the digest of the policy is not that of its document', name);
  return {
    status: status ?? undefined,
    version: version ?? undefined,
    digest: rest.digest,
    activeDigest: active_digest ?? undefined,
    document: document.data,
  };
}

function unreadable(message: string, name: string): CliFault {
  return new CliFault(`${message}; nothing was decided`, {
    code: exitCodes.failed,
    next: `countersign policies show ${name} --json`,
  });
}
