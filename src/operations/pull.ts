import type { PullImage } from '../execute/perform.ts';
import { dockerCredentials } from '../images/credentials.ts';
import type { Credentials } from '../images/credentials.ts';
import { dockerConfigPath } from '../images/docker-config.ts';
import { pullImage as pullOne } from '../images/pull.ts';
import type { ResolveTools } from '../images/resolve.ts';
import type { Context } from './contract.ts';

const credentialsOf = (context: Context): Credentials =>
  dockerCredentials({ file: dockerConfigPath(context.env, context.home), env: context.env });

/** What pulling and resolving images needs, for a command that somebody waits for. */
export const imageTools = (context: Context, pull = false): ResolveTools => ({
  engine: context.engine,
  clock: context.clock,
  credentials: credentialsOf(context),
  emit: context.emit,
  mode: 'command',
  signal: context.signal,
  pull,
});

/** Pulls with the credentials of whoever runs the command. */
export const pullImage = (context: Context): PullImage => {
  const tools = imageTools(context);
  return (reference, platform) => pullOne(tools, reference, platform);
};
