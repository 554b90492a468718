import { Fault } from '../ui/fault.tsx';

/** A page that broke; the others go on. */
export function PageFault({ error }: { readonly error: unknown }) {
  return <Fault error={error} onRetry={() => location.reload()} />;
}
