import type { ClaimedTask, ParentOutcome, PlanDocuments } from '@countersign/protocol/run/task';
import type { ChatMessage } from '../models/model-provider.ts';

/**
 * A task as the question that its model is asked: what steers it is the system's word, and what it is about is the
 * user's, as JSON. So what an agent or a document says is data in its place, and never stands among instructions.
 */
export function modelMessages({
  command,
  documents,
  input,
  parents,
  task,
  title,
}: ClaimedTask): ChatMessage[] {
  const steering = systemText(documents);
  const about = { task, title, command, input, parents: parents.map(parentOf) };
  return [
    ...(steering === '' ? [] : [{ role: 'system' as const, content: steering }]),
    { role: 'user', content: JSON.stringify(about) },
  ];
}

function systemText({ prompt, skills, tools }: PlanDocuments): string {
  const parts = [
    ...(prompt === null ? [] : [prompt]),
    ...skills.map(({ name, text }) => `# Skill: ${name}\n\n${text}`),
    ...(tools.length === 0 ? [] : [toolsText(tools)]),
  ];
  return parts.join('\n\n');
}

/** Told of, and not offered: the runner calls nothing for a model. */
function toolsText(tools: PlanDocuments['tools']): string {
  const all = tools.map(
    ({ description, name, parameters }) =>
      `## ${name}\n\n${description}\n\nParameters: ${JSON.stringify(parameters)}`,
  );
  return [
    '# Tools\n\nNothing is called while you answer. You may say in it which of these should be.',
    ...all,
  ].join('\n\n');
}

/** Where an artifact lies is for whoever has a key to it. */
function parentOf({ artifact, kind, result, state, step_id, title }: ParentOutcome) {
  return {
    step_id,
    kind,
    state,
    title,
    result,
    artifact:
      artifact === null
        ? null
        : {
            name: artifact.name,
            version: artifact.version,
            digest: artifact.digest,
            size: artifact.size,
            media_type: artifact.media_type,
          },
  };
}
