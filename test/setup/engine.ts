import {
  callEngine,
  callEngineJson,
  EngineRefusal,
  filtersQuery,
} from '../../scripts/docker-api.mjs';
import { findEndpoint } from '../../scripts/docker-endpoint.mjs';

// Tests look at Docker through this and not through src/engine/: what l9 believes is what is being tested.

/** The engine that the tests run on, found as the docker CLI finds it. */
export const endpoint = findEndpoint();

/** Parts of the engine's answers that tests look at. */
export interface ContainerSummary {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly State: string;
  readonly Status: string;
  /** Unix seconds. */
  readonly Created: number;
  readonly Labels: Readonly<Record<string, string>>;
}

export interface NetworkSummary {
  readonly Id: string;
  readonly Name: string;
  /** RFC 3339. */
  readonly Created: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

export interface VolumeSummary {
  readonly Name: string;
  /** RFC 3339. */
  readonly CreatedAt?: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** A GET, its JSON taken for `T`. */
export const get = <T>(path: string): Promise<T> => callEngineJson<T>(endpoint, { path });

/** A POST that must succeed; its JSON taken for `T`. */
export const post = <T>(path: string, json?: unknown): Promise<T> =>
  callEngineJson<T>(endpoint, { method: 'POST', path, json });

/** A call whose statuses are all known; others are errors. */
export const call = async (
  method: 'POST' | 'DELETE',
  path: string,
  expected: readonly number[],
): Promise<number> => {
  const answer = await callEngine(endpoint, { method, path });
  if (!expected.includes(answer.status)) throw new EngineRefusal({ method, path }, answer);
  return answer.status;
};

export const listContainers = (filters: Record<string, readonly string[]> = {}) =>
  get<readonly ContainerSummary[]>(`/containers/json?all=1&${filtersQuery(filters)}`);

export const listNetworks = (filters: Record<string, readonly string[]> = {}) =>
  get<readonly NetworkSummary[]>(`/networks?${filtersQuery(filters)}`);

export const listVolumes = async (
  filters: Record<string, readonly string[]> = {},
): Promise<readonly VolumeSummary[]> => {
  const answer = await get<{ Volumes: readonly VolumeSummary[] | null }>(
    `/volumes?${filtersQuery(filters)}`,
  );
  return answer.Volumes ?? [];
};

/** Runs a command inside a container, as `docker exec` does: what it printed on both streams, and its exit code. */
export const exec = async (
  container: string,
  command: readonly string[],
): Promise<{ readonly code: number; readonly text: string }> => {
  const options = { Cmd: command, AttachStdout: true, AttachStderr: true };
  const { Id } = await post<{ Id: string }>(`/containers/${container}/exec`, options);
  const path = `/exec/${Id}/start`;
  const start = { method: 'POST', path, json: { Detach: false }, encoding: 'latin1' } as const;
  const answer = await callEngine(endpoint, start);
  if (answer.status !== 200) throw new EngineRefusal(start, answer);
  const { ExitCode } = await get<{ ExitCode: number }>(`/exec/${Id}/json`);
  return { code: ExitCode, text: unframed(Buffer.from(answer.text, 'latin1')) };
};

/** Without a terminal, output comes in frames: one byte for the stream, three empty, four for the size. */
const unframed = (bytes: Buffer): string => {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8 + bytes.readUInt32BE(at + 4)) {
    pieces.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at + 4)));
  }
  return Buffer.concat(pieces).toString('utf8');
};
