import type { ConvergeResult, Outcome } from '../operations/contract.ts';
import type { ServiceResource } from '../model/status.ts';
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

const warningsShown = 3;

/**
 * Warnings in a line each, and only the first ones: they come with every apply, and `l9 validate`
 * tells them in full. Manifests of several projects share theirs; each is told once.
 */
function warningsOf(results: readonly ConvergeResult[], { palette, cwd }: SummaryStyle): string[] {
  const all = [...new Set(results.flatMap(({ warnings }) => warnings))];
  const lines = all.slice(0, warningsShown).map((problem) => {
    const [line = ''] = formatProblem(problem, { palette, cwd });
    return line;
  });
  if (all.length === 0) return [];
  const more = all.length - lines.length;
  return [
    ...lines,
    palette.dim(
      `${more > 0 ? `and ${count(more, 'more warning')}; ` : ''}l9 validate says what to write`,
    ),
  ];
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
  const { project, view, outcome } = result;
  const { mark, tell } = ends[outcome];
  const told = [
    ...(view === null ? ['gone'] : [readyText(view.services)]),
    tell({ actions: count(result.actions, 'action'), took: formatElapsed(result.durationMs) }),
  ];
  return `${mark(palette)} ${project}: ${told.join(', ')}`;
}

interface End {
  readonly mark: (palette: Palette) => string;
  readonly tell: (facts: { readonly actions: string; readonly took: string }) => string;
}

const good = (palette: Palette): string => palette.green('✔');
const bad = (palette: Palette): string => palette.red('✖');

const ends: Readonly<Record<Outcome, End>> = {
  done: { mark: good, tell: ({ actions, took }) => `${actions} in ${took}` },
  unchanged: { mark: good, tell: () => 'nothing to do' },
  notReady: { mark: bad, tell: ({ took }) => `not ready in time, after ${took}` },
  failed: { mark: bad, tell: ({ actions, took }) => `failed after ${actions} in ${took}` },
  interrupted: {
    mark: (palette) => palette.yellow('!'),
    tell: ({ actions, took }) => `interrupted after ${actions} in ${took}`,
  },
};

function readyText(services: readonly ServiceResource[]): string {
  const stopped = services.filter(({ status }) => status.phase === 'Stopped').length;
  const ready = services.filter(
    ({ status }) => status.phase !== 'Stopped' && status.ready >= status.replicas,
  ).length;
  const running = services.length - stopped;
  return [
    ...(running > 0 || stopped === 0 ? [`${ready} of ${count(running, 'service')} ready`] : []),
    ...(stopped > 0 ? [`${stopped} stopped`] : []),
  ].join(', ');
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
