import { L9Error } from '../../model/errors.ts';
import { DeadlinePassed, errnoOf, Fault } from './exchange.ts';

const AWAY = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ENOTSOCK',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
]);

const isCertificate = (code: string): boolean =>
  /CERT|^ERR_TLS|^ERR_SSL|UNABLE_TO_VERIFY|EPROTO|UNABLE_TO_GET_ISSUER/.test(code);

const startHint =
  'Start Docker (`systemctl start docker` or `dockerd`), or name another with --host.';

const fromFault = (fault: Fault, engine: string, what: string): L9Error => {
  const code = errnoOf(fault);
  const cause = fault.cause;
  if (AWAY.has(code)) {
    const why =
      code === 'ENOENT'
        ? 'there is no such socket'
        : code === 'ECONNREFUSED'
          ? 'nobody listens there'
          : code;
    return new L9Error('EngineUnreachable', `No Docker engine answers at ${engine}: ${why}`, {
      hint: startHint,
      cause,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new L9Error(
      'EngineForbidden',
      `The engine's socket ${engine} may not be opened by this user`,
      {
        hint: 'Add the user to the group docker (`sudo usermod -aG docker $USER`, then log in again), or use a rootless engine.',
        cause,
      },
    );
  }
  if (isCertificate(code)) {
    return new L9Error(
      'EngineForbidden',
      `The engine at ${engine} cannot be trusted, or does not trust us: ${fault.message}`,
      {
        hint: 'Check ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH or in the context.',
        cause,
      },
    );
  }
  return new L9Error(
    'EngineBroken',
    `The connection to the engine broke during ${what}: ${fault.message}`,
    {
      hint: 'The engine may or may not have done it: run the command again, it looks first.',
      cause,
    },
  );
};

/** What a failed connection means. The signal's reason and our own errors pass through unchanged. */
export const transportError = (
  error: unknown,
  context: { readonly engine: string; readonly what: string; readonly deadlineMs: number },
): unknown => {
  if (error instanceof Fault) return fromFault(error, context.engine, context.what);
  if (error instanceof DeadlinePassed) {
    return new L9Error(
      'EngineTimeout',
      `The engine did not finish ${context.what} within ${Math.round(context.deadlineMs / 100) / 10} s`,
      {
        hint: 'It may still complete it. Look at the load of its machine and at the log of dockerd.',
        cause: error,
      },
    );
  }
  return error;
};
