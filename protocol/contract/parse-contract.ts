import { canonicalJson } from '../canonical-json.ts';
import { type Issue, Refused } from '../problem.ts';
import { refuseUnstorableText } from '../storable-text.ts';
import { type AgentContract, contractDocumentSchema } from './contract-document.ts';
import { issueList, type Report } from './contract-issues.ts';
import { reportSecrets } from './find-secrets.ts';
import { checkActions } from './rules/check-actions.ts';
import { checkCapability } from './rules/check-capability.ts';
import { checkDocument } from './rules/check-document.ts';
import { reportSchemaIssues } from './schema-issues.ts';

export type ParsedContract = { ok: true; contract: AgentContract } | { ok: false; issues: Issue[] };

/** In canonical UTF-8: it has to fit a row of the registry, and a reviewer has to be able to read it. */
const MOST_BYTES = 262_144;

/**
 * The only way in for a contract (a JSON value) from outside. What comes out keeps every field that came in, so its
 * digest is the document's. Issues of the shape are told first; the rules between fields need a shape to stand on.
 */
export function parseContract(value: unknown): ParsedContract {
  const { issues, report } = issueList();
  if (!isStorable(value, report)) return { ok: false, issues };
  reportSecrets(value, report);
  const parsed = contractDocumentSchema.safeParse(value);
  if (!parsed.success) {
    reportSchemaIssues(parsed.error.issues, report);
    return { ok: false, issues };
  }
  checkDocument(parsed.data, report);
  checkActions(parsed.data, report);
  parsed.data.capabilities.forEach((capability, index) => {
    checkCapability(parsed.data, capability, `$.capabilities[${index}]`, report);
  });
  return issues.length === 0 ? { ok: true, contract: parsed.data } : { ok: false, issues };
}

function isStorable(value: unknown, report: Report): boolean {
  try {
    refuseUnstorableText(value);
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    const [issue] = fault.refusal.errors ?? [];
    report(issue?.path ?? '$', 'UNSTORABLE_TEXT', issue?.message ?? fault.message);
    return false;
  }
  if (new TextEncoder().encode(canonicalJson(value)).length > MOST_BYTES) {
    report('$', 'CONTRACT_TOO_LARGE', `has more than ${MOST_BYTES} bytes of canonical JSON`);
    return false;
  }
  return true;
}
