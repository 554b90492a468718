const WORDS: Readonly<Record<string, string>> = {
  'contract.activated': 'A contract came into force',
  'policy.activated': 'A policy came into force',
  'policy.retired': 'A policy went out of force',
  'permissions.saved': 'The permission rules were saved',
  'permissions.enforced': 'The permission rules hold',
  'permissions.relaxed': 'The permission rules hold no more',
  'control.activated': 'A piece came into force',
  'control.retired': 'A piece went out of force',
};

/** What happened, in words; of a kind that is not known here, its name. */
export function changeWords(type: string): string {
  return Object.hasOwn(WORDS, type) ? (WORDS[type] ?? type) : type;
}
