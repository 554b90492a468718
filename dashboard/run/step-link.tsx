import type { StepDetail } from '@countersign/client/run-detail';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

const route = getRouteApi('/gate/t/$project/runs/$runId');

interface Props {
  readonly step: StepDetail;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** The way to the proposal or action that a step is; to what is told of the others, on the page of the run. */
export function StepLink({ step: { kind, linked, step_id }, className, children }: Props) {
  const { project, runId } = route.useParams();
  if (linked != null && kind === 'proposal') {
    return (
      <Link
        to="/t/$project/proposals/$proposalId"
        params={{ project, proposalId: linked }}
        className={className}
      >
        {children}
      </Link>
    );
  }
  if (linked != null && kind === 'action') {
    return (
      <Link to="/t/$project/actions/$actionId" params={{ project, actionId: linked }} className={className}>
        {children}
      </Link>
    );
  }
  return (
    <Link
      to="/t/$project/runs/$runId"
      params={{ project, runId }}
      search={(before) => ({ ...before, step: step_id })}
      replace
      resetScroll={false}
      className={className}
    >
      {children}
    </Link>
  );
}
