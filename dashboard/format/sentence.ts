/** What the plane says in passing, as a sentence that stands alone: `it waits` becomes `It waits.`. */
export function sentence(text: string): string {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
