/** How the breaker before an account stands, as it reads to whoever wonders why nothing is sent. */
export function breakerText(state: string): string {
  switch (state) {
    case 'open':
      return 'Nothing is sent there until its time. The queue keeps.';
    case 'trying':
      return 'One action is sent as a trial. What comes of it decides.';
    case 'closed':
      return 'Sends as usual.';
    default:
      return '';
  }
}
