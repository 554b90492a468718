/** All pages that were read are read again: the more there are, the more seldom. For `refetchInterval`, in milliseconds. */
export function slowedDown(poll: number | false, pages = 1): number | false {
  return poll === false ? false : poll * Math.max(1, pages);
}
