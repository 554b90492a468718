/** 16 to 256 printable ASCII characters without spaces. */
const FORM = /^[\x21-\x7e]{16,256}$/;

/** What an installation says about itself without saying the token: why it cannot be one. */
export const MALFORMED_BOOTSTRAP_TOKEN =
  'the bootstrap token is not 16 to 256 printable ASCII characters without spaces, so it opens nothing; all else goes on';

/** Whether this can be the bootstrap token of an installation. One that cannot opens nothing, and locks nobody out. */
export function isBootstrapToken(text: string): boolean {
  return FORM.test(text);
}
