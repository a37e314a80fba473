import type { ServiceChange } from '../model/change.ts';
import type { Preview } from '../operations/contract.ts';
import { count } from './quantity.ts';
import { sanitise } from './sanitise.ts';
import type { Palette } from './terminal.ts';

interface Look {
  readonly symbol: string;
  readonly verb: string;
  readonly colour: 'green' | 'red' | 'yellow' | 'cyan' | 'dim';
}

const looks: Readonly<Record<ServiceChange['kind'], Look>> = {
  create: { symbol: '+', verb: 'creates', colour: 'green' },
  recreate: { symbol: '±', verb: 'recreates', colour: 'yellow' },
  update: { symbol: '~', verb: 'updates', colour: 'cyan' },
  reconnect: { symbol: '~', verb: 'reconnects', colour: 'cyan' },
  record: { symbol: '~', verb: 'notes', colour: 'cyan' },
  start: { symbol: '+', verb: 'starts', colour: 'green' },
  restart: { symbol: '~', verb: 'restarts', colour: 'yellow' },
  remove: { symbol: '-', verb: 'removes', colour: 'red' },
  repair: { symbol: '!', verb: 'repairs', colour: 'yellow' },
  none: { symbol: ' ', verb: 'leaves', colour: 'dim' },
};

/** How a project differs, one service after the other, with what people would notice of an apply. */
export function formatChanges(preview: Preview, palette: Palette): string[] {
  const { project, changes, plan, notes, generation } = preview;
  const real = changes.filter(({ kind }) => kind !== 'none');
  const others = otherSubjects(preview);
  const same = real.length === 0 && others.length === 0 && plan.actions.length === 0;
  const head =
    same && generation.from === generation.to
      ? `${project}: nothing differs`
      : `${project}: ${generationText(generation)}, ${count(plan.actions.length, 'action')}`;
  return [
    palette.bold(head),
    ...real.flatMap((change) => formatChange(change, palette)),
    ...others.map((text) => palette.cyan(`~ ${sanitise(text)}`)),
    ...plan.blockers.flatMap(({ message, hint }) => [
      palette.red(`! ${sanitise(message)}`),
      `    ${palette.cyan('→')} ${sanitise(hint)}`,
    ]),
    ...[...plan.notes.map(({ message }) => message), ...notes].map((note) =>
      palette.dim(`  note: ${sanitise(note)}`),
    ),
  ];
}

const generationText = ({ from, to }: Preview['generation']): string =>
  from === to ? `generation ${to} stays` : from === 0 ? 'new' : `generation ${from} → ${to}`;

function formatChange(change: ServiceChange, palette: Palette): string[] {
  const { symbol, verb, colour } = looks[change.kind];
  const impact = change.impact === '' ? '' : `: ${change.impact}`;
  return [
    palette[colour](`${symbol} ${verb} ${change.service}${sanitise(impact)}`),
    ...change.fields.map((field) => `    ${sanitise(field)}`),
    ...(change.cause === '' || change.fields.length > 0
      ? []
      : [palette.dim(`    because: ${sanitise(change.cause)}`)]),
  ];
}

/** Networks, volumes and images are no services' change; they are told in one line each. */
function otherSubjects({ plan }: Preview): string[] {
  const texts = plan.actions
    .filter(({ subject }) => subject.kind === 'network' || subject.kind === 'volume')
    .map(({ subject, action, cause }) => {
      const verb = action.type.startsWith('remove') ? 'removes' : 'creates';
      return `${verb} ${subject.kind} ${subject.name} (${cause.message})`;
    });
  return [...new Set(texts)];
}
