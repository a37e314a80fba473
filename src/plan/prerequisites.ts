import type { DesiredService } from '../model/desired.ts';
import { label } from '../model/labels.ts';
import { serviceSubject } from './context.ts';
import type { PlanContext } from './context.ts';
import { createVolume } from './volumes.ts';

/**
 * Fetches the service's image again when the engine has lost it. False when that cannot be done, and
 * a blocker says why.
 */
export const provideImage = (context: PlanContext, service: DesiredService): boolean => {
  if (context.provided.has(`image/${service.name}`)) return true;
  const { image } = service;
  const present =
    context.observed.images[image.id ?? image.reference] ??
    context.observed.images[image.reference];
  if (present !== undefined || context.input.assumeImages === true) return true;
  const subject = serviceSubject(service.name);
  if (image.built || image.pullPolicy === 'never') {
    context.graph.blockers.push({
      code: 'ImageMissing',
      subject,
      message: `the engine does not have the image ${image.reference}`,
      hint: image.built
        ? `Build it: l9 build ${service.name} -p ${service.project}`
        : `Load it (docker load, docker pull ${image.reference}), or write pullPolicy: missing.`,
    });
    return false;
  }
  const id = context.graph.add({
    id: `pull:${image.reference}`,
    action: {
      type: 'pullImage',
      reference: image.digest ?? image.reference,
      ...(service.template.platform === undefined ? {} : { platform: service.template.platform }),
    },
    cause: { reason: 'Missing', message: 'the engine does not have it' },
    subject: { kind: 'image', name: image.reference },
  });
  context.provided.set(`image/${service.name}`, id);
  return true;
};

/** Puts the configs and secrets of a service in place before one of its containers is made. */
export const provideFiles = (context: PlanContext, service: DesiredService): void => {
  const [first] = service.files;
  if (first === undefined || context.provided.has(`files/${service.name}`)) return;
  const created = context.index.volumes.has(first.volume)
    ? undefined
    : createVolume(context, {
        subject: serviceSubject(service.name),
        name: first.volume,
        kind: 'files',
        driver: 'local',
        driverOpts: {},
        labels: { [label.service]: service.name },
      });
  const id = context.graph.add({
    id: `files:${service.name}`,
    action: {
      type: 'writeFiles',
      project: context.project.name,
      volume: first.volume,
      files: service.files,
      image: service.image.id ?? service.image.reference,
      user: service.template.user ?? service.image.user,
    },
    cause: { reason: 'Missing', message: 'a new container needs its configs and secrets' },
    subject: serviceSubject(service.name),
    after: [created, context.provided.get(`image/${service.name}`)],
  });
  context.provided.set(`files/${service.name}`, id);
};
