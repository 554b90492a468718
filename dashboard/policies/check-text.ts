import { type PolicyDocument, policyDocumentSchema } from '@countersign/protocol/policy-document';

/** Something that is wrong with a document, and where. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** A document that is being written: well formed, or what is wrong with its form. */
export type CheckedText =
  | { readonly ok: true; readonly document: PolicyDocument; readonly value: object }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Looks at the form alone; what its condition may say, the plane knows. */
export function checkText(text: string): CheckedText {
  const read = readJson(text);
  if (!read.ok) return read;
  const parsed = policyDocumentSchema.safeParse(read.value);
  if (parsed.success && isObject(read.value)) return { ok: true, document: parsed.data, value: read.value };
  const problems = (parsed.error?.issues ?? []).map(({ message, path }) => ({
    path: pathText(path),
    message,
  }));
  return { ok: false, problems };
}

type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** JSON, or where it ceases to be. */
export function readJson(text: string): ReadJson {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'is no JSON';
    return { ok: false, problems: [{ path: '$', message }] };
  }
}

export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    '$',
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
