/** Where the artifacts of a runner are. */
export interface ArtifactPlace {
  readonly bucket: string;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
}

/** An object's name has 1,024 bytes; these leave room for the longest prefix and the digest. */
const MOST_KEY = 700;
/** What no client, store or proxy escapes, each in its own way: a signature is of one way to write a name. */
const KEY = /^[A-Za-z0-9._=-]+(\/[A-Za-z0-9._=-]+)*$/;
const DIGEST_AT_END = /\/sha256-([0-9a-f]{64})$/;

/** Whether a text may name artifacts: parts between slashes, none of which is a step in a path. */
export function isArtifactKey(text: string): boolean {
  return text.length <= MOST_KEY && KEY.test(text) && !text.split('/').some((part) => /^\.+$/.test(part));
}

/**
 * The name of an object. It ends in the digest of its content, so that a repeated put writes the same object again and
 * any other content is another object, in every store: the condition `If-None-Match: *` on a put, which would do as
 * much, is refused or passed over in silence by some. Whoever reads knows by the name what has to be there.
 */
export function artifactName({ prefix }: ArtifactPlace, key: string, sha256: string): string {
  return `${prefix}${key}/sha256-${sha256}`;
}

export function artifactLocation({ bucket }: ArtifactPlace, name: string): string {
  return `s3://${bucket}/${name}`;
}

/** The object at a location, and the digest of its content; undefined when it is none of this place's. */
export function artifactAt(
  { bucket, prefix }: ArtifactPlace,
  location: string,
): { readonly name: string; readonly sha256: string } | undefined {
  const root = artifactLocation({ bucket, prefix }, prefix);
  if (!location.startsWith(root)) return undefined;
  const rest = location.slice(root.length);
  const sha256 = DIGEST_AT_END.exec(rest)?.[1];
  if (sha256 === undefined || !isArtifactKey(rest.replace(DIGEST_AT_END, ''))) return undefined;
  return { name: `${prefix}${rest}`, sha256 };
}
