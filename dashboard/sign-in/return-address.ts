/** A page of ours to go on at; where the text leads elsewhere, the first one. An address can be made by anybody. */
export function safeReturn(text: string): string {
  const isPath = text.startsWith('/') && !text.startsWith('//') && !text.startsWith('/\\');
  return isPath &&
    URL.canParse(text, location.origin) &&
    new URL(text, location.origin).origin === location.origin
    ? text
    : '/';
}
