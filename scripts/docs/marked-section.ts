/** The page with the text between the markers of `name` replaced. Throws when the page has no such markers. */
export function replaceSection(page: string, name: string, body: string): string {
  const begin = `<!-- made by scripts/docs.ts: ${name} -->`;
  const end = `<!-- end of ${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the page has no section between "${begin}" and "${end}"`);
  return `${page.slice(0, from)}${begin}\n\n${body}\n\n${page.slice(to)}`;
}
