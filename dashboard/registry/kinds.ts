import { type ControlKind, controlKinds } from '@countersign/protocol/control/control-document';

/** What each kind of piece is for. */
export const kindWords: Readonly<Record<ControlKind, { readonly title: string; readonly about: string }>> = {
  prompt: { title: 'Prompts', about: 'what a model is told before a task' },
  skill: { title: 'Skills', about: 'how something is done well, for a model to read' },
  tool: { title: 'Tools', about: 'what a model may call' },
  route: { title: 'Routes', about: 'which tasks go to whom, and with what' },
  arbiter: { title: 'Arbiters', about: 'rules that judge what a task came to' },
};

export function kindNamed(text: string | undefined): ControlKind | undefined {
  return controlKinds.find((kind) => kind === text);
}
