/** The sign of the product. */
export function Mark({ size = 24 }: { readonly size?: number }) {
  return <img src="/favicon.svg" alt="" width={size} height={size} />;
}
