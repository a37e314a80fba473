import { request } from 'node:http';
import { connect } from 'node:net';
import type { ActiveCheck } from '../model/desired.ts';
import type { ObservedContainer } from '../model/observed.ts';
import { probeAddress } from './address.ts';
import type { ProbeAddress } from './address.ts';

/** The answer of one check, in words. */
export interface ProbeAnswer {
  readonly ok: boolean;
  readonly message: string;
}

const tcp = (address: ProbeAddress, timeoutMs: number): Promise<ProbeAnswer> =>
  new Promise((resolve) => {
    const socket = connect(address.port, address.host);
    const finish = (ok: boolean, message: string): void => {
      socket.destroy();
      resolve({ ok, message });
    };
    socket.setTimeout(timeoutMs, () => finish(false, `no connection within ${timeoutMs} ms`));
    socket.once('connect', () => finish(true, 'connected'));
    socket.once('error', (error) => finish(false, error.message));
  });

const statusOk = (status: number, wanted: number | null): boolean =>
  wanted === null ? status >= 200 && status < 400 : status === wanted;

const http = (
  check: Extract<ActiveCheck, { type: 'http' }>,
  address: ProbeAddress,
  timeoutMs: number,
): Promise<ProbeAnswer> =>
  new Promise((resolve) => {
    const call = request({
      host: address.host,
      port: address.port,
      path: check.path,
      headers: { 'user-agent': 'l9-probe', connection: 'close' },
      agent: false,
    });
    const timer = setTimeout(() => {
      call.destroy(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    call.once('response', (response) => {
      clearTimeout(timer);
      response.resume();
      const status = response.statusCode ?? 0;
      call.destroy();
      resolve({ ok: statusOk(status, check.status), message: `${check.path}: ${status}` });
    });
    call.once('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, message: error.message });
    });
    call.end();
  });

/**
 * Makes an http or tcp check once, from outside the container. Never rejects: what cannot be reached
 * is an answer too.
 */
export const probe = async (
  check: ActiveCheck,
  container: ObservedContainer,
  timeoutMs: number,
): Promise<ProbeAnswer> => {
  const address = probeAddress(container, check.port);
  if (address === undefined) {
    return {
      ok: false,
      message: `port ${check.port} has no address that can be reached from here`,
    };
  }
  return check.type === 'tcp' ? tcp(address, timeoutMs) : http(check, address, timeoutMs);
};
