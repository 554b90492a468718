import { Link } from '@tanstack/react-router';
import sheet from '../in-force/sheet.module.css';
import { usePlane } from '../plane/plane-context.ts';
import { writtenText } from '../policies/written-text.ts';
import { Chip } from '../ui/chip.tsx';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { Enforcement } from './enforcement.tsx';
import { RuleList } from './rule-list.tsx';
import { RulesEditor } from './rules-editor.tsx';
import { useRules } from './use-rules.ts';

/** The project's own rules over who may ask for what: they narrow what roles give, and never widen it. */
export function PermissionRulesPage() {
  const { address } = usePlane();
  const { data, error, refetch } = useRules();
  if (data === undefined)
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  const isEnforced = data.enforced === true;
  return (
    <div className={sheet.page}>
      <header className={sheet.head}>
        <p className={sheet.about}>
          <Link to="/t/$project/policies" params={{ project: address }}>
            Policies
          </Link>
        </p>
        <h1>Permission rules</h1>
        <Chip tone={isEnforced ? 'good' : undefined}>{isEnforced ? 'enforced' : 'not enforced'}</Chip>
        <Enforcement isEnforced={isEnforced} count={data.rules.length} />
        <p className={sheet.about}>
          Rules over who may ask for what. They narrow what roles and scopes give, and never widen it: a
          matching deny denies, and where an allow names what is asked, one of those must match.
        </p>
      </header>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      <RuleList rules={data.rules} />
      <RulesEditor saved={writtenText(data.rules)} isEnforced={isEnforced} />
    </div>
  );
}
