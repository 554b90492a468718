/** Where the code stands behind `#`: a browser sends that part to nobody, so no server and no log has it. */
export function joinLink(origin: string, projectId: string, code: string): string {
  return `${origin}/join/${encodeURIComponent(projectId)}#${encodeURIComponent(code)}`;
}

/** The code of such a link; null where there is none. */
export function codeIn(hash: string): string | null {
  const text = hash.startsWith('#') ? hash.slice(1) : hash;
  if (text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
