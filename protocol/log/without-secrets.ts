/** Tokens of ours, and JWTs: their head is JSON, so it begins with `eyJ`. */
const SECRETS = /syn_[a-z]+_[\w-]+|eyJ[\w-]{8,}(?:\.[\w-]*)*/g;
/** What follows a scheme in an authorization header, whatever it looks like. */
const BEARERS = /\b(Bearer|Basic) +[^\s"',]+/gi;
/** A password in an address. */
const PASSWORDS = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@]+@/gi;

/** A text with what looks like a secret taken out: a net under those who take care not to log one. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRETS, '[secret]').replace(BEARERS, '$1 [secret]').replace(PASSWORDS, '$1[secret]@');
}
