import type { ManifestSelection } from '../../operations/contract.ts';
import type { CommandContext } from '../context.ts';
import type { OptionValues } from '../definition.ts';
import type { manifestOptions } from '../table/options.ts';
import { readStdin } from './stdin.ts';
import { usageError } from './usage.ts';

/** Where the options say that manifests come from, with standard input read where it is named. */
export async function manifestSelection(
  context: CommandContext,
  options: OptionValues<typeof manifestOptions>,
): Promise<ManifestSelection> {
  const { file: files, variant, envFile: envFiles, maxSize: maxSizeBytes } = options;
  const projectName = options.projectName ?? context.project;
  if (options.projectName !== undefined && (context.project ?? projectName) !== projectName) {
    throw usageError('-p and --project-name name different projects', 'give one of them');
  }
  return {
    files,
    maxSizeBytes,
    ...(variant === undefined ? {} : { variant }),
    ...(projectName === undefined ? {} : { projectName }),
    ...(envFiles.length === 0 ? {} : { envFiles }),
    ...(files.includes('-') ? { stdin: await readStdin(context, maxSizeBytes) } : {}),
  };
}
