const TLS_CODES = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO)/;

/** Whether Node says by this code that no TLS came about, as with a certificate that nobody vouches for. */
export function isTlsCode(code: string | undefined): boolean {
  return code !== undefined && TLS_CODES.test(code);
}
