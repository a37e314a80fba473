import type { ConvergeResult, Outcome } from '../operations/contract.ts';
import { formatProblem } from './problems.ts';
import { count, formatElapsed } from './quantity.ts';
import { messageOf } from './resources/service-row.ts';
import { sanitise } from './sanitise.ts';
import type { Palette } from './terminal.ts';

/** Worst first: the exit code of several results is that of the worst. */
const exits: readonly [outcome: Outcome, code: number][] = [
  ['interrupted', 130],
  ['failed', 4],
  ['notReady', 3],
];

export const exitCodeOf = (results: readonly ConvergeResult[]): number =>
  exits.find(([outcome]) => results.some((result) => result.outcome === outcome))?.[1] ?? 0;

export interface SummaryStyle {
  readonly palette: Palette;
  readonly cwd: string;
}

/** For stderr: warnings, what failed, why and what to do, and how each project ended. */
export function resultSummary(results: readonly ConvergeResult[], style: SummaryStyle): string[] {
  return [
    ...warningsOf(results, style),
    ...results.flatMap((result) => [...failureLines(result, style), endLine(result, style)]),
  ];
}

/** Manifests of several projects share their warnings; each is told once. */
function warningsOf(results: readonly ConvergeResult[], style: SummaryStyle): string[] {
  const all = new Set(results.flatMap(({ warnings }) => warnings));
  return [...all].flatMap((problem) => formatProblem(problem, style));
}

function failureLines(result: ConvergeResult, { palette }: SummaryStyle): string[] {
  return troubles(result).flatMap(({ service, message, hint }) => [
    `${palette.red('✖')} ${palette.bold(service)}: ${sanitise(message)}`,
    ...(hint === '' ? [] : [`  ${palette.cyan('→')} ${sanitise(hint)}`]),
  ]);
}

/** Where the time was up before anything failed, what is not ready is what is wrong. */
function troubles({ failures, outcome, view }: ConvergeResult): ConvergeResult['failures'] {
  if (failures.length > 0 || outcome !== 'notReady') return failures;
  return (view?.services ?? [])
    .filter(({ status }) => status.ready < status.replicas)
    .map((service) => ({
      service: service.metadata.name,
      message: `not ready: ${messageOf(service) || service.status.phase}`,
      hint: `l9 describe ${service.metadata.name}, l9 logs ${service.metadata.name}; a longer --timeout if it only needs time`,
    }));
}

function endLine(result: ConvergeResult, { palette }: SummaryStyle): string {
  const took = formatElapsed(result.durationMs);
  const { project, view } = result;
  const ready = view === null ? '' : `${readyText(view.services)} `;
  const actions = count(result.actions, 'action');
  const ends: Readonly<Record<Outcome, () => string>> = {
    done: () =>
      view === null
        ? `${palette.green('✔')} ${project}: gone, ${actions} in ${took}`
        : `${palette.green('✔')} ${project}: ${ready}(${actions} in ${took})`,
    unchanged: () => `${palette.green('✔')} ${project}: ${ready}nothing to do`,
    notReady: () => `${palette.red('✖')} ${project}: ${ready}not ready in time, after ${took}`,
    failed: () => `${palette.red('✖')} ${project}: ${ready}failed after ${took} (${actions})`,
    interrupted: () => `${palette.yellow('!')} ${project}: ${ready}interrupted after ${actions}`,
  };
  return ends[result.outcome]();
}

function readyText(
  services: readonly { readonly status: { readonly ready: number; readonly replicas: number } }[],
): string {
  const ready = services.filter(({ status }) => status.ready >= status.replicas).length;
  return `${ready} of ${count(services.length, 'service')} ready`;
}

/** What a newcomer wants to know at the end: who restarts what dies, and what to type next. */
export function adviceAfter(results: readonly ConvergeResult[]): string[] {
  const views = results.map(({ view }) => view).filter((view) => view !== null);
  const [view] = views;
  if (view === undefined) return [];
  const unguarded = views.some(({ project }) => project.status.guardian === 'engine');
  const worst =
    view.services.find(({ status }) => status.ready < status.replicas) ?? view.services[0];
  const service = worst?.metadata.name;
  const where = results.length > 1 ? ` -p ${view.project.metadata.name}` : '';
  return [
    unguarded
      ? "No l9 service runs: Docker's restart policies restart what exits; nothing heals what is unhealthy until you apply again."
      : 'The l9 service restarts and heals what dies.',
    ...(service === undefined
      ? []
      : [`Next: l9 get${where} · l9 logs -f ${service}${where} · l9 describe ${service}${where}`]),
  ];
}
