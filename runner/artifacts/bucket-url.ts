/** The URL of a bucket, which the names of its objects are put after; with a slash at its end. */
export function bucketUrl(config: { endpoint: string; bucket: string; path_style: boolean }): string {
  const { host, origin, pathname, protocol } = new URL(config.endpoint);
  return config.path_style
    ? `${origin}${pathname.replace(/\/+$/, '')}/${config.bucket}/`
    : `${protocol}//${config.bucket}.${host}/`;
}
