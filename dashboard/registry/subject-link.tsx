import { Link } from '@tanstack/react-router';
import { usePlane } from '../plane/plane-context.ts';
import { Foreign } from '../ui/value.tsx';
import { subjectOf } from './subject-of.ts';

/** What a change is about, and the way to it. */
export function SubjectLink({ subject }: { readonly subject: string }) {
  const { address: project } = usePlane();
  const about = subjectOf(subject);
  const text = (
    <code>
      <Foreign text={about.text} />
    </code>
  );
  switch (about.kind) {
    case 'contract':
      return (
        <Link to="/t/$project/contracts/$contractId" params={{ project, contractId: about.text }}>
          {text}
        </Link>
      );
    case 'policy':
      return (
        <Link to="/t/$project/policies/$policyName" params={{ project, policyName: about.text }}>
          {text}
        </Link>
      );
    case 'piece':
      return (
        <Link
          to="/t/$project/registry/$kind/$name"
          params={{ project, kind: about.pieceKind, name: about.name }}
        >
          {text}
        </Link>
      );
    case 'other':
      return text;
  }
}
