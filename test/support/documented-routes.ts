import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENT = join(import.meta.dirname, '../../docs/protocol.md');

/** Who may send a request, as the table in the documentation says. */
export interface DocumentedRoute {
  /** `GET /v1/proposals/{proposal_id}` */
  readonly request: string;
  /** Roles, of which a person needs one. */
  readonly person: readonly string[];
  /** For each kind of machine, the permission that its token must hold; none when it may not at all. */
  readonly agent: string | undefined;
  readonly runner: string | undefined;
  readonly service: string | undefined;
}

export function documentedRoutes(): DocumentedRoute[] {
  const lines = readFileSync(DOCUMENT, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, request = '', , person = '', agent, runner, service] = line
      .split('|')
      .map((cell) => cell.trim());
    if (!/^`(GET|POST) \//.test(request)) return [];
    return [
      {
        request: bare(request),
        person: person.split(', '),
        agent: permission(agent),
        runner: permission(runner),
        service: permission(service),
      },
    ];
  });
}

function permission(cell: string | undefined): string | undefined {
  return cell === undefined || cell === '-' ? undefined : bare(cell);
}

function bare(cell: string): string {
  return cell.replaceAll('`', '');
}
