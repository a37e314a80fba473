import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';

/** Files and folders of a container or volume, by path without a leading slash; the root is ''. */
export class FileTree {
  #contents: { readonly files: Map<string, Buffer>; readonly folders: Set<string> } | undefined;
  readonly #initial: readonly string[];

  constructor(folders: readonly string[] = []) {
    this.#initial = folders;
  }

  /** Made when somebody first looks: most containers' files are never asked for. */
  get #content() {
    if (this.#contents === undefined) {
      this.#contents = { files: new Map(), folders: new Set(['']) };
      for (const folder of this.#initial) this.addFolder(folder);
    }
    return this.#contents;
  }

  get #files(): Map<string, Buffer> {
    return this.#content.files;
  }

  get #folders(): Set<string> {
    return this.#content.folders;
  }

  addFolder(path: string): void {
    const parts = path.split('/').filter((part) => part !== '');
    for (let depth = 1; depth <= parts.length; depth += 1) {
      this.#folders.add(parts.slice(0, depth).join('/'));
    }
  }

  write(path: string, content: Buffer): void {
    this.addFolder(path.split('/').slice(0, -1).join('/'));
    this.#files.set(path, content);
  }

  read(path: string): Buffer | undefined {
    return this.#files.get(path);
  }

  hasFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  /** Unpacks a tar below `folder`. */
  async unpack(folder: string, tar: Uint8Array): Promise<void> {
    const reader = extract();
    reader.end(Buffer.from(tar));
    for await (const entry of reader) {
      const content = await buffer(entry);
      const path = joined(folder, entry.header.name);
      if (entry.header.type === 'directory') this.addFolder(path);
      if (entry.header.type === 'file') this.write(path, content);
    }
  }

  /** A tar of a file or of a folder with all below it, as Docker makes it: named after its last part. */
  async pack(path: string, name: string): Promise<Uint8Array | undefined> {
    const tar = pack();
    const file = this.#files.get(path);
    if (file !== undefined) {
      tar.entry({ name }, file);
    } else if (this.#folders.has(path)) {
      const inside = path === '' ? '' : `${path}/`;
      const nameOf = (full: string): string => joined(name, full.slice(inside.length));
      for (const folder of [...this.#folders].sort()) {
        if (folder !== '' && `${folder}/`.startsWith(inside))
          tar.entry({ name: `${nameOf(folder)}/`, type: 'directory' });
      }
      for (const [full, content] of this.#files) {
        if (full.startsWith(inside)) tar.entry({ name: nameOf(full) }, content);
      }
    } else {
      return undefined;
    }
    tar.finalize();
    return await buffer(tar);
  }
}

/** Parts put together, without empty and dot parts. */
export const joined = (...paths: readonly string[]): string =>
  paths
    .flatMap((path) => path.split('/'))
    .filter((part) => part !== '' && part !== '.')
    .join('/');
