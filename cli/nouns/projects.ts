import type { View } from '@countersign/client/call-api';
import { command } from '../command/command.ts';
import { answerList, column, pageOf, pageOptions, timeColumn } from '../command/listing.ts';
import { openPlane } from '../plane.ts';

const projects = command({
  name: 'projects list',
  summary: 'the project that is meant, and what it is called',
  options: pageOptions,
  example: 'countersign projects list --project prj_1',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const found = await plane.projects.projects(pageOf(values), { signal: context.world.signal });
    return answerList<View>(context, found, found.projects, [
      column('PROJECT', 'project_id', true),
      column('NAME', 'name'),
      column('STATUS', 'status'),
      column('REGION', 'region'),
      timeColumn('CREATED', 'created_at'),
    ]);
  },
});

const sources = command({
  name: 'sources list',
  summary: 'the databases of the project, by id',
  options: pageOptions,
  example: 'countersign sources list',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const found = await plane.projects.sources(pageOf(values), { signal: context.world.signal });
    return answerList(context, found, found.sources, [
      column('SOURCE', 'source_id', true),
      column('NAME', 'name'),
      column('ENGINE', 'engine'),
      column('STATUS', 'status'),
    ]);
  },
});

export const projectCommands = [projects, sources];
