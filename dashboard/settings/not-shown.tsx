/** Something that the reader's roles do not include seeing. */
export function NotShown({ who }: { readonly who: string }) {
  return <p>Your roles do not include seeing this: {who} may.</p>;
}
