import { describe, expect, it } from 'vitest';
import type { Answer, EngineErrorCode, Operation } from '../../../src/engine/answers.ts';
import { classifyAnswer, holderOf, retryClass } from '../../../src/engine/errors.ts';
import { engineErrors } from '../../../src/model/errors/engine.ts';
import { L9Error } from '../../../src/model/errors.ts';

const ID = 'fa874cd268df27beadb2feb4c95504e6bc491244daa4f6ed7f6821b6437daf94';

/** Operation, status, the engine's words (20.10 and 28.5 as they were heard; older and newer from its source) → code. */
const table: readonly [Operation, number, string, EngineErrorCode][] = [
  [
    'createContainer',
    409,
    `Conflict. The container name "/x" is already in use by container "${ID}". You have to remove (or rename) that container to be able to reuse that name.`,
    'NameTaken',
  ],
  [
    'createContainer',
    409,
    `Conflict. The container name "/x" is already in use by container ${ID}.`,
    'NameTaken',
  ],
  [
    'renameContainer',
    409,
    `Error when allocating new name: Conflict. The container name "/x" is already in use by container "${ID}".`,
    'NameTaken',
  ],
  [
    'renameContainer',
    400,
    'Renaming a container with the same name as its current name',
    'NameUnchanged',
  ],
  [
    'createContainer',
    400,
    'Invalid container name (-bad), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed',
    'BadRequest',
  ],
  ['createContainer', 404, 'No such image: nope:1', 'NoSuchImage'],
  [
    'createContainer',
    400,
    'invalid reference format: repository name must be lowercase',
    'BadRequest',
  ],
  ['createContainer', 400, 'No command specified', 'BadRequest'],
  [
    'createContainer',
    400,
    'invalid mount config for type "bind": bind source path does not exist: /nope/x',
    'BindSourceMissing',
  ],
  ['createContainer', 400, 'Minimum memory limit allowed is 6MB', 'BadRequest'],
  ['createContainer', 500, "invalid character '}' looking for beginning of value", 'BadRequest'],
  ['createContainer', 404, 'network nope-net not found', 'NetworkGone'],
  ['createContainer', 500, 'mkdir /var/lib/docker/overlay2/x: no space left on device', 'DiskFull'],
  [
    'createContainer',
    400,
    'client version 1.51 is too new. Maximum supported API version is 1.41',
    'EngineTooOld',
  ],
  [
    'createContainer',
    400,
    'client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version',
    'EngineTooNew',
  ],
  [
    'startContainer',
    500,
    `driver failed programming external connectivity on endpoint b (3db8): Bind for 127.0.0.1:38123 failed: port is already allocated`,
    'PortTaken',
  ],
  [
    'startContainer',
    500,
    'driver failed programming external connectivity on endpoint c (a478): Error starting userland proxy: listen tcp4 127.0.0.1:38124: bind: address already in use',
    'PortTaken',
  ],
  [
    'startContainer',
    500,
    'failed to set up container networking: driver failed programming external connectivity on endpoint c (a478): failed to bind host port 127.0.0.1:38124/tcp: address already in use',
    'PortTaken',
  ],
  [
    'startContainer',
    500,
    'failed to bind host port for 0.0.0.0:80:172.18.0.2:80/tcp: address already in use',
    'PortTaken',
  ],
  [
    'startContainer',
    500,
    'driver failed programming external connectivity on endpoint x: all ports are allocated',
    'PortsExhausted',
  ],
  ['startContainer', 403, 'Address already in use', 'AddressTaken'],
  [
    'startContainer',
    500,
    "Invalid address 10.99.0.10: It does not belong to any of this network's subnets",
    'StartFailed',
  ],
  ['startContainer', 404, `network ${ID} not found`, 'NetworkGone'],
  [
    'startContainer',
    400,
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nope": stat /nope: no such file or directory: unknown',
    'CommandNotFound',
  ],
  [
    'startContainer',
    400,
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "nope": executable file not found in $PATH: unknown',
    'CommandNotFound',
  ],
  [
    'startContainer',
    400,
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/etc": permission denied: unknown',
    'CommandNotFound',
  ],
  [
    'startContainer',
    400,
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec /x: exec format error: unknown',
    'CommandNotFound',
  ],
  [
    'startContainer',
    500,
    'unable to find user nobodyhere: no matching entries in passwd file',
    'UserNotFound',
  ],
  [
    'startContainer',
    409,
    `cannot join network of a non running container: ${ID}`,
    'DependencyNotRunning',
  ],
  [
    'startContainer',
    409,
    'cannot start a paused container, try unpause instead',
    'ContainerPaused',
  ],
  [
    'startContainer',
    409,
    'container is marked for removal and cannot be started',
    'MarkedForRemoval',
  ],
  [
    'startContainer',
    500,
    'could not select device driver "" with capabilities: [[gpu]]',
    'DeviceUnavailable',
  ],
  [
    'startContainer',
    500,
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/a" to rootfs at "/b": not a directory: unknown',
    'StartFailed',
  ],
  [
    'startContainer',
    500,
    'OCI runtime create failed: fork/exec: cannot allocate memory: unknown',
    'OutOfMemory',
  ],
  ['startContainer', 500, 'something nobody ever saw', 'EngineFailed'],
  ['removeContainer', 409, 'removal of container x is already in progress', 'RemovalInProgress'],
  [
    'removeContainer',
    409,
    `You cannot remove a running container ${ID}. Stop the container before attempting removal or force remove`,
    'ContainerRunning',
  ],
  [
    'removeContainer',
    409,
    'cannot remove container "/x": container is running: stop the container before removing or force remove',
    'ContainerRunning',
  ],
  [
    'removeContainer',
    409,
    `You cannot remove a paused container ${ID}. Unpause and then stop the container before attempting removal or force remove`,
    'ContainerPaused',
  ],
  [
    'removeContainer',
    409,
    'cannot remove container "/x": container is paused and must be unpaused first',
    'ContainerPaused',
  ],
  ['removeContainer', 404, 'No such container: x', 'NoSuchContainer'],
  [
    'killContainer',
    409,
    `Cannot kill container: x: Container ${ID} is not running`,
    'ContainerNotRunning',
  ],
  [
    'killContainer',
    409,
    'cannot kill container: x: container x is not running',
    'ContainerNotRunning',
  ],
  ['killContainer', 400, 'Invalid signal: NOPE', 'BadRequest'],
  ['pauseContainer', 409, 'Container x is already paused', 'ContainerPaused'],
  ['unpauseContainer', 500, 'Container x is not paused', 'NotPaused'],
  [
    'updateContainer',
    409,
    'Cannot update container x: Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time',
    'BadRequest',
  ],
  ['exec', 409, 'Container x is not running', 'ContainerNotRunning'],
  ['exec', 409, 'container x is paused, unpause the container before exec', 'ContainerPaused'],
  ['putArchive', 404, 'Could not find the file /nope/x in container y', 'PathNotFound'],
  ['putArchive', 500, 'extraction point is not a directory', 'PathNotFound'],
  ['putArchive', 403, 'container rootfs is marked read-only', 'ReadOnlyFilesystem'],
  ['logs', 501, 'configured logging driver does not support reading', 'BadRequest'],
  ['createNetwork', 409, 'network with name n already exists', 'NameTaken'],
  ['createNetwork', 403, 'Pool overlaps with other one on this address space', 'PoolOverlap'],
  [
    'createNetwork',
    400,
    'invalid pool request: Pool overlaps with other one on this address space',
    'PoolOverlap',
  ],
  [
    'createNetwork',
    404,
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    'PoolExhausted',
  ],
  ['createNetwork', 400, 'all predefined address pools have been fully subnetted', 'PoolExhausted'],
  [
    'createNetwork',
    500,
    'Invalid subnet 10.211.0.0 : invalid CIDR address: 10.211.0.0',
    'BadRequest',
  ],
  ['createNetwork', 404, 'plugin "nope" not found', 'DriverMissing'],
  [
    'removeNetwork',
    403,
    'error while removing network: network n id x has active endpoints',
    'ActiveEndpoints',
  ],
  ['removeNetwork', 400, 'network n is ambiguous (2 matches found on name)', 'NetworkAmbiguous'],
  ['removeNetwork', 404, 'network nope not found', 'NoSuchNetwork'],
  ['connectNetwork', 403, 'endpoint with name h already exists in network n', 'AlreadyConnected'],
  ['connectNetwork', 404, 'No such container: nope', 'NoSuchContainer'],
  ['connectNetwork', 404, 'network nope not found', 'NoSuchNetwork'],
  ['disconnectNetwork', 500, 'container x is not connected to network n', 'NotConnected'],
  ['disconnectNetwork', 500, 'container x is not connected to the network n', 'NotConnected'],
  ['disconnectNetwork', 404, 'endpoint x not found', 'NotConnected'],
  [
    'createVolume',
    404,
    'create v: error looking up volume plugin nope: plugin "nope" not found',
    'DriverMissing',
  ],
  ['removeVolume', 409, `remove v: volume is in use - [${ID}]`, 'VolumeInUse'],
  ['removeVolume', 404, 'get v: no such volume', 'NoSuchVolume'],
  [
    'removeImage',
    409,
    'conflict: unable to remove repository reference "x:1" (must force) - container e394cd7b632b is using its referenced image b8ab0aed31c4',
    'ImageInUse',
  ],
  [
    'removeImage',
    409,
    'conflict: unable to delete b8ab0aed31c4 (cannot be forced) - image is being used by running container e394cd7b632b',
    'ImageInUse',
  ],
  ['tagImage', 404, 'No such image: nope:latest', 'NoSuchImage'],
  [
    'pullImage',
    500,
    'Get "https://nope.invalid/v2/": dial tcp: lookup nope.invalid on 10.0.0.1:53: no such host',
    'RegistryUnreachable',
  ],
  [
    'pullImage',
    500,
    'Get "http://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused',
    'RegistryUnreachable',
  ],
  ['pullImage', 500, 'Get "https://x/v2/": net/http: TLS handshake timeout', 'RegistryUnreachable'],
  [
    'pullImage',
    200,
    'received unexpected HTTP status: 503 Service Unavailable',
    'RegistryUnreachable',
  ],
  [
    'pullImage',
    200,
    'toomanyrequests: You have reached your pull rate limit.',
    'RegistryUnreachable',
  ],
  [
    'pullImage',
    404,
    "pull access denied for x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'RegistryDenied',
  ],
  [
    'pullImage',
    500,
    'Head "http://x/v2/": unauthorized: authentication required',
    'RegistryDenied',
  ],
  [
    'pullImage',
    404,
    'manifest for x:2 not found: manifest unknown: manifest unknown',
    'ImageUnknown',
  ],
  [
    'pullImage',
    404,
    'no matching manifest for linux/arm64/v8 in the manifest list entries',
    'ImageUnknown',
  ],
  ['pullImage', 400, 'invalid reference format', 'BadRequest'],
  ['pullImage', 200, 'filesystem layer verification failed for digest sha256:x', 'PullFailed'],
  ['pullImage', 200, 'write /var/lib/docker/tmp/x: no space left on device', 'DiskFull'],
  ['buildImage', 200, "The command '/bin/sh -c exit 7' returned a non-zero code: 7", 'BuildFailed'],
  [
    'buildImage',
    200,
    'Get "http://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused',
    'RegistryUnreachable',
  ],
  ['info', 403, 'authorization denied by plugin x', 'EngineForbidden'],
  ['info', 400, 'Client sent an HTTP request to an HTTPS server.', 'EngineForbidden'],
  ['info', 502, '<h1>Bad gateway</h1>', 'EngineFailed'],
];

const answer = (operation: Operation, status: number, message: string): Answer => ({
  operation,
  status,
  message,
  subject: 'container shop_web_1',
});

describe('answers of the engine', () => {
  it.each(table)('%s, %d, %s', (...row) => {
    const [operation, status, message, code] = row;
    const error = classifyAnswer(answer(operation, status, message));
    expect(error.code).toBe(code);
    // The engine's own words stay to be read.
    expect(error.cause).toMatchObject({ message, status, operation });
    expect(error.message).not.toMatch(/undefined|null|\.$/);
    expect(error.hint).not.toBe('');
  });

  it('keeps who stands in the way', () => {
    const named = answer(
      'createContainer',
      409,
      `Conflict. The container name "/x" is already in use by container "${ID}".`,
    );
    expect(holderOf(classifyAnswer(named))).toBe(ID);
    const used = answer('removeVolume', 409, `remove v: volume is in use - [${ID}, ${ID}]`);
    expect(holderOf(classifyAnswer(used))).toBe(ID);
    expect(holderOf(classifyAnswer(answer('info', 500, 'x')))).toBeUndefined();
    expect(holderOf(new Error('x'))).toBeUndefined();
  });

  it('says which port is taken, and by whom', () => {
    const { message } = classifyAnswer(
      answer('startContainer', 500, 'Bind for 127.0.0.1:38123 failed: port is already allocated'),
    );
    expect(message).toBe(
      'The host port 127.0.0.1:38123 of container shop_web_1 is taken by another container',
    );
    const host = classifyAnswer(
      answer('startContainer', 500, 'listen tcp4 0.0.0.0:80: bind: address already in use'),
    );
    expect(host.message).toBe(
      'The host port 0.0.0.0:80 of container shop_web_1 is taken by a process of the host',
    );
  });
});

describe('retry classes', () => {
  const isCode = (key: string): key is EngineErrorCode => Object.hasOwn(engineErrors, key);
  const codes = Object.keys(engineErrors).filter(isCode);

  it('has one for every code of the catalogue', () => {
    for (const code of codes) {
      expect(retryClass(new L9Error(code, 'x'))).toMatch(
        /^(done|transport|replan|waitFor|capacity|specChange|pull)$/,
      );
    }
  });

  it('agrees with the catalogue on what may succeed without anybody changing anything', () => {
    const alone = new Set(['transport', 'waitFor', 'capacity', 'pull']);
    const told: string[] = [];
    for (const code of codes) {
      const error = new L9Error(code, 'x');
      if (error.retryable !== alone.has(retryClass(error))) told.push(code);
    }
    // What is done by itself needs no repetition, and is no failure that lasts.
    // What restarts may come up, but the plan has to look at it again.
    expect(told.sort()).toEqual(['ContainerRestarting', 'RemovalInProgress']);
  });

  it('repeats nothing that the engine did not say', () => {
    expect(retryClass(new TypeError('x'))).toBe('specChange');
    expect(retryClass(new L9Error('Usage', 'x'))).toBe('specChange');
  });
});
