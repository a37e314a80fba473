import type { Plan } from '../../../src/model/action.ts';
import type { ServiceSpec } from '../../../src/model/documents.ts';
import { formatPlan } from '../../../src/plan/format.ts';
import type { PlanInput } from '../../../src/plan/input.ts';
import { plan } from '../../../src/plan/plan.ts';
import { renderProject } from '../../../src/render/render.ts';
import { applied, PROJECT, service } from '../render/applied.ts';
import type { Applied } from '../render/applied.ts';
import { World } from './world.ts';

/** A world and what is wanted of it, in few words. */
export class Stage {
  readonly world = new World();
  #applied: Applied = {};
  #documents: Readonly<Record<string, ServiceSpec>> = {};
  #more: Partial<PlanInput> = {};

  /** What is applied from now on: services by name, and what else the record holds. */
  apply(services: Readonly<Record<string, ServiceSpec>>, parts: Applied = {}): this {
    this.#documents = services;
    this.#applied = parts;
    for (const spec of Object.values(services)) {
      if (spec.image !== undefined && !this.world.images.has(spec.image)) {
        this.world.image(spec.image);
      }
    }
    return this;
  }

  /** What else the plan is given from now on. */
  given(more: Partial<PlanInput>): this {
    this.#more = more;
    return this;
  }

  get desired() {
    const services = Object.entries(this.#documents).map(([name, spec]) => service(name, spec));
    return renderProject({
      record: applied({
        ...this.#applied,
        documents: [...services, ...(this.#applied.documents ?? [])],
      }),
      secretHashes: this.#applied.secretHashes ?? {},
      now: this.world.now,
    });
  }

  plan(): Plan {
    return plan({
      desired: this.desired,
      observed: this.world.observe(PROJECT),
      guardian: 'service',
      ladder: 'continuous',
      requestedAt: null,
      recovery: this.world.recovery,
      probes: this.world.probes,
      completions: new Map(Object.entries(this.#applied.completions ?? {})),
      ...this.#more,
    });
  }

  /** The plan as text. */
  get text(): string {
    return formatPlan(this.plan());
  }

  /** Carries out the plan, or the first actions of it. */
  run(limit?: number): this {
    this.world.run(this.plan(), limit);
    return this;
  }

  /** Applies and lets everything come up. */
  up(services: Readonly<Record<string, ServiceSpec>>, parts: Applied = {}): this {
    this.apply(services, parts).run();
    this.world.settle();
    return this;
  }
}

/** A database with data, and what needs it. */
export const STACK = {
  db: {
    image: 'db:1',
    volumes: [{ volume: 'data', path: '/data' }],
    healthcheck: { exec: 'ready' },
  },
  web: { image: 'web:1', dependsOn: { db: 'healthy' } },
} as const;

/** The stack, applied and healthy. */
export const up = (): Stage => new Stage().up(STACK);
