import type { Route } from '@countersign/protocol/control/control-document';
import type { Chosen, Plan } from '@countersign/protocol/run/task';
import type { ControlReference } from './control-body.ts';
import type { ControlSetting } from './control-setting.ts';

interface Asked {
  readonly task: string;
  readonly command: string;
}

/** Every task. */
const ANY = '*';

/** Who does a task and with what, as the registry in force says. Without a route its own name is its handler. */
export function planTask({ digest, in_force }: ControlSetting, asked: Asked): Plan {
  const reference = routeFor(in_force, asked);
  const route = reference?.route ?? undefined;
  const one = (kind: ControlReference['kind'], name: string | undefined): Chosen | null => {
    const found = in_force.find((piece) => piece.kind === kind && piece.name === name);
    return found === undefined ? null : chosen(found);
  };
  const all = (kind: ControlReference['kind'], names: readonly string[]) =>
    names.map((name) => one(kind, name)).filter((piece) => piece !== null);
  return {
    handler: route?.handler ?? asked.task,
    route: reference === undefined ? null : chosen(reference),
    provider: route?.provider ?? null,
    model: route?.model ?? null,
    prompt: one('prompt', route?.prompt),
    skills: all('skill', route?.skills ?? []),
    tools: all('tool', route?.tools ?? []),
    arbiter: one('arbiter', route?.arbiter),
    snapshot: digest,
  };
}

function chosen({ name, version, digest }: ControlReference): Chosen {
  return { name, version, digest };
}

/** The first that matches: by priority, and then by name, which is how they are sorted already. */
function routeFor(in_force: readonly ControlReference[], asked: Asked): ControlReference | undefined {
  return in_force
    .filter(({ route }) => route !== null && matches(route, asked))
    .toSorted((a, b) => (a.route?.priority ?? 0) - (b.route?.priority ?? 0))[0];
}

function matches(route: Route, { task, command }: Asked): boolean {
  return (route.task === ANY || route.task === task) && (route.command ?? command) === command;
}

/** What a route names besides its tasks: all of it must be in force before the route is. */
export function namedBy({
  arbiter,
  prompt,
  skills,
  tools,
}: Route): readonly Pick<ControlReference, 'kind' | 'name'>[] {
  return [
    ...(prompt === undefined ? [] : [{ kind: 'prompt' as const, name: prompt }]),
    ...skills.map((name) => ({ kind: 'skill' as const, name })),
    ...tools.map((name) => ({ kind: 'tool' as const, name })),
    ...(arbiter === undefined ? [] : [{ kind: 'arbiter' as const, name: arbiter }]),
  ];
}
