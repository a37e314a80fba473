import { expect, test } from 'vitest';
import { classifyStartError } from '../../../src/lifecycle/start-error.ts';

const oci = (text: string): string =>
  `failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${text}: unknown`;

/** Messages as 20.10.24 left them in State.Error; the last three are from other versions or made up. */
test.each([
  [oci('exec: "nosuchcmd": executable file not found in $PATH'), 127, 'BadCommand', null],
  [oci('exec: "/etc": permission denied'), 126, 'BadCommand', null],
  [oci('exec: "/app": exec format error'), 126, 'BadCommand', null],
  [
    `${oci('error during container init: error mounting "/etc/hostname" to rootfs at "/etc": mount: not a directory')}: Are you trying to mount a directory onto a file (or vice-versa)?`,
    127,
    'MissingMount',
    null,
  ],
  ['unable to find user nobodyhere: no matching entries in passwd file', 128, 'StartRefused', null],
  [
    'error gathering device information while adding custom device "/dev/nonexist": no such file or directory',
    128,
    'StartRefused',
    null,
  ],
  [
    'driver failed programming external connectivity on endpoint x (3da5): Bind for 127.0.0.1:39991 failed: port is already allocated',
    128,
    'AddressTaken',
    'broken',
  ],
  ['network lcprobe-net not found', 128, 'NetworkMissing', 'broken'],
  ['No such container: lcprobe-nope', 128, 'NetworkMissing', 'broken'],
  [oci('exec: "x": resource temporarily unavailable'), 126, 'StartFailed', 'exit'],
  [
    'failed to bind host port 127.0.0.1:80/tcp: address already in use',
    128,
    'AddressTaken',
    'broken',
  ],
  ['something that nobody has seen before', 128, 'StartFailed', 'exit'],
] as const)('%s', (...[message, exitCode, reason, ailment]) => {
  expect(classifyStartError(message, exitCode)).toEqual({ reason, ailment });
});
