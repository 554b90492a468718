import { Choices } from '../../forms/choices.tsx';
import { usePlane } from '../../plane/plane-context.ts';
import { Fault } from '../../ui/fault.tsx';
import { PageWait } from '../../ui/page-wait.tsx';
import { Foreign } from '../../ui/value.tsx';
import { useSources } from './use-sources.ts';

interface Props {
  readonly legend: string;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Which of the project's databases something may touch. */
export function SourceChoices({ legend, chosen, onChange }: Props) {
  const { projectId } = usePlane();
  const { error, onRetry, rows } = useSources(projectId);
  if (rows === undefined) return error === null ? <PageWait /> : <Fault error={error} onRetry={onRetry} />;
  if (rows.length === 0) return <p>This project knows no source.</p>;
  const choices = rows.map(({ engine, name, source_id }) => ({
    value: source_id,
    about: <Foreign text={[name, engine].filter((word) => word != null).join(', ')} />,
  }));
  return <Choices legend={legend} choices={choices} chosen={chosen} onChange={onChange} />;
}
