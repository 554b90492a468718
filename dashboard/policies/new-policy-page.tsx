import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import sheet from '../in-force/sheet.module.css';
import { usePlane } from '../plane/plane-context.ts';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { firstText } from './first-text.ts';
import { PolicyEditor } from './policy-editor.tsx';

/** A policy that nobody has saved yet. */
export function NewPolicyPage() {
  const { address, projectId, review } = usePlane();
  const { data, error, refetch } = useQuery({
    queryKey: [projectId, 'contracts', 'capabilities'],
    queryFn: ({ signal }) => review.capabilities({ signal }),
  });
  if (data === undefined)
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  return (
    <div className={sheet.page}>
      <header className={sheet.head}>
        <p className={sheet.about}>
          <Link to="/t/$project/policies" params={{ project: address }}>
            Policies
          </Link>
        </p>
        <h1>New policy</h1>
        <p className={sheet.about}>
          An example stands below. Give it its own name, condition and tests. Saving makes a draft, which
          decides nothing.
        </p>
      </header>
      <PolicyEditor draft="new-policy" saved={firstText(data.capabilities[0]?.name)} savedName={undefined} />
    </div>
  );
}
