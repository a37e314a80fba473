// Names engine calls so that the same call of two runs has the same name, although ids are random.

/** Replacements in names: the test's project, nonces. */
export type Replacements = readonly (readonly [string | RegExp, string])[];

/** Of a query, only what tells calls apart; filters and flags would only make labels long. */
const tellingParameters = ['name', 'path', 'fromImage', 'repo', 'tag', 't'];

const engineId = /^[0-9a-f]{64}$/;

/** Gives calls their labels, and learns which name an id stands for from what the engine answers. */
export class CallLabels {
  readonly #names = new Map<string, string>();
  readonly #replacements: Replacements;

  constructor(replacements: Replacements = []) {
    this.#replacements = replacements;
  }

  /** For instance `POST /containers/{P_web_1}/start`, where P replaces the project's name. */
  label(method: string, target: string): string {
    const url = new URL(target, 'http://engine');
    const path = url.pathname.replace(/^\/v\d+\.\d+(?=\/)/, '');
    const segments = path.split('/').map((segment) => this.#segment(decodeURIComponent(segment)));
    const query = tellingParameters
      .filter((name) => url.searchParams.has(name))
      .map((name) => `${name}=${this.#replaced(url.searchParams.get(name) ?? '')}`);
    return `${method} ${segments.join('/')}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  }

  /**
   * Remembers what a call and its answer say about ids. The first name stays: the label of an object does not
   * change when it is renamed.
   */
  learn(call: { method: string; target: string; request: unknown; response: unknown }): void {
    const found = Array.isArray(call.response) ? call.response : [call.response];
    for (const entry of found) this.#learnOne(entry, call);
  }

  #learnOne(entry: unknown, call: { target: string; request: unknown }): void {
    const id = text(entry, 'Id');
    if (id === undefined || !engineId.test(id) || this.#names.has(id)) return;
    const url = new URL(call.target, 'http://engine');
    const execOf = /\/containers\/([^/]+)\/exec$/.exec(url.pathname)?.[1];
    const name =
      text(entry, 'Name') ??
      firstText(entry, 'Names') ??
      url.searchParams.get('name') ??
      text(call.request, 'Name') ??
      (execOf === undefined ? undefined : `exec of ${this.#named(execOf)}`);
    if (name !== undefined) this.#names.set(id, this.#replaced(name.replace(/^\//, '')));
  }

  #segment(segment: string): string {
    return engineId.test(segment) ? `{${this.#named(segment)}}` : this.#replaced(segment);
  }

  #named(idOrName: string): string {
    return this.#names.get(idOrName) ?? (engineId.test(idOrName) ? 'id' : this.#replaced(idOrName));
  }

  #replaced(name: string): string {
    return this.#replacements
      .reduce((text, [from, to]) => text.replaceAll(from, to), name)
      .replaceAll(/sha256:[0-9a-f]{64}/g, '{digest}');
  }
}

const text = (value: unknown, key: string): string | undefined => {
  const found: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
};

const firstText = (value: unknown, key: string): string | undefined => {
  const found: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return Array.isArray(found) && typeof found[0] === 'string' ? found[0] : undefined;
};
