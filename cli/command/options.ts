/** An option of a command line, as `parseArgs` wants it, and what there is to say of it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  /** What stands for its value in the usage. */
  readonly value?: string;
  readonly help: string;
}
export type Options = Readonly<Record<string, Option>>;

/** What `parseArgs` makes of options. */
export type Values<Of extends Options> = {
  readonly [Name in keyof Of]: Of[Name] extends { readonly multiple: true }
    ? readonly string[] | undefined
    : Of[Name] extends { readonly type: 'boolean' }
      ? boolean | undefined
      : string | undefined;
};

/** Understood by every command. */
export const commonOptions = {
  json: { type: 'boolean', help: 'one JSON document on stdout, for programs' },
  profile: { type: 'string', value: 'NAME', help: 'another profile than the current one' },
  url: { type: 'string', value: 'URL', help: 'where the control plane is' },
  project: { type: 'string', value: 'ID', help: 'which project' },
  'token-file': { type: 'string', value: 'FILE', help: 'take the token from FILE, or from stdin: -' },
  'idempotency-key': { type: 'string', value: 'KEY', help: 'of a write that is said again: it happens once' },
  help: { type: 'boolean', short: 'h', help: 'what there is to say of the command' },
} as const satisfies Options;
export type CommonValues = Values<typeof commonOptions>;
