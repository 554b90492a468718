import { type ActionInput, type ProviderName, providers } from '@countersign/protocol/action/providers';

/**
 * What an input lacks or has too much for its provider, by the names of its fields and never by what is in them;
 * undefined when nothing. A field that may be absent may be null as well.
 */
export function inputFault(provider: ProviderName, input: ActionInput): string | undefined {
  const { fields } = providers[provider];
  if (fields === null) return undefined;
  for (const [name, field] of Object.entries(fields)) {
    const value = input[name] ?? null;
    if (value === null && field.isRequired) return `the field ${name} is missing`;
    if (value !== null && typeof value !== field.type) return `the field ${name} must be a ${field.type}`;
  }
  // Not the name of it, which the control plane chose.
  const isStrange = Object.keys(input).some((name) => !Object.hasOwn(fields, name));
  return isStrange ? 'it has a field that this provider does not know' : undefined;
}
