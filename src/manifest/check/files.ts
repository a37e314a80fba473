import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { instancePlaceholder } from '../validate.ts';
import { at, type CheckContext, type CheckedService } from './context.ts';

/** Files and folders that services name. Configs, secrets and envFiles were read before. */
export function checkFiles({ services, report }: CheckContext): void {
  for (const service of services) {
    for (const [index, mount] of (service.document.spec.volumes ?? []).entries()) {
      const source = mount.bind?.replaceAll(instancePlaceholder, '1');
      if (source === undefined || existsSync(source)) continue;
      report.error('FileMissing', at(service, ['spec', 'volumes', index, 'bind']), {
        message: `the source of a mount does not exist: ${source}`,
        hint: 'create it, or correct the path; it is relative to the folder of the manifest',
      });
    }
    checkBuild(service, report);
  }
}

function checkBuild(service: CheckedService, report: CheckContext['report']): void {
  const { build } = service.document.spec;
  if (build === undefined) return;
  if (statSync(build.context, { throwIfNoEntry: false })?.isDirectory() !== true) {
    report.error('FileMissing', at(service, ['spec', 'build', 'context']), {
      message: `the build context is no folder: ${build.context}`,
      hint: 'create it, or correct the path; it is relative to the folder of the manifest',
    });
    return;
  }
  const dockerfile = resolve(build.context, build.dockerfile ?? 'Dockerfile');
  if (existsSync(dockerfile)) return;
  report.error('FileMissing', at(service, ['spec', 'build', 'dockerfile']), {
    message: `there is no Dockerfile at ${dockerfile}`,
    hint: 'create it, or name it in build.dockerfile, relative to the context',
  });
}
