import type { ProjectView, Resource } from '../../model/status.ts';
import { resourceTables } from '../resources/tables.ts';
import { gather } from '../resources/set.ts';
import { conditionLines, labelText } from './service.ts';
import type { DescribeOptions } from './service.ts';
import { facts, section } from './sheet.ts';
import { specLines } from './spec.ts';

type Options = Omit<DescribeOptions, 'containers'>;

/** A project on one screen. Outputs are only named: they may hold secrets, which `l9 outputs` exists to show. */
export function describeProject(view: ProjectView, options: Options): string[] {
  const { project } = view;
  const { status } = project;
  const { palette, width, now } = options;
  const services = gather([view], (kind) => kind !== 'project');
  return [
    ...facts([
      ['Project', project.metadata.name],
      ['Phase', `${status.phase}, ${status.ready} of ${status.services} services ready`],
      ['Generation', String(status.generation)],
      ['Path', status.path],
      ['Guardian', status.guardian === 'service' ? 'the l9 service' : "Docker's restart policies"],
      ['Labels', labelText(project.metadata.labels)],
      ['Outputs', Object.keys(view.outputs).join(', ')],
    ]),
    ...section('Specification', specLines(project.spec), palette),
    ...section('Conditions', conditionLines(status.conditions, options), palette),
    '',
    ...resourceTables(services, { palette, width, now, projects: false }),
  ];
}

/** What has no life of its own: networks, volumes, configs, secrets. */
export function describeResource(resource: Resource, { palette }: Options): string[] {
  const { kind, metadata } = resource;
  return [
    ...facts([
      [kind, metadata.name],
      ['Project', metadata.project],
      ['Labels', labelText(metadata.labels)],
    ]),
    ...section('Specification', specLines(resource.spec), palette),
    ...section('Status', specLines(resource.status), palette),
  ];
}
