import { type PolicyDocument, policyDocumentSchema } from '@countersign/protocol/policy-document';

/** A saved document, where this page understands all of it: what is shown by halves is worse than not shown. */
export function readDocument(value: unknown): PolicyDocument | undefined {
  const parsed = policyDocumentSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
