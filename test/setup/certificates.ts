import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

// X.509 in its plainest form, so that tests of TLS need no program that a fresh machine may not have.

/** A certificate with its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.from([0x82, content.length >> 8, content.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, content]);
};

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const bits = (content: Uint8Array): Buffer => der(0x03, Buffer.from([0]), content);
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
const octets = (content: Uint8Array): Buffer => der(0x04, content);
const time = (text: string): Buffer => der(0x18, Buffer.from(text));
const critical = der(0x01, Buffer.from([0xff]));

const ed25519 = sequence(oid(0x2b, 0x65, 0x70));

const nameOf = (text: string): Buffer =>
  sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(text)))));

/** basicConstraints: whether it may sign others. */
const constraints = (authority: boolean): Buffer =>
  sequence(oid(0x55, 0x1d, 0x13), critical, octets(authority ? sequence(critical) : sequence()));

/** subjectAltName 127.0.0.1. */
const loopback = sequence(
  oid(0x55, 0x1d, 0x11),
  octets(sequence(der(0x87, Buffer.from([127, 0, 0, 1])))),
);

const pem = (content: Uint8Array): string => {
  const lines =
    Buffer.from(content)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};

interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
}

const issue = (
  subject: Issuer & { readonly publicKey: KeyObject; readonly authority: boolean },
  issuer: Issuer,
): Certificate => {
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ed25519,
    nameOf(issuer.name),
    sequence(time('20200101000000Z'), time('21200101000000Z')),
    nameOf(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(constraints(subject.authority), loopback)),
  );
  return {
    cert: pem(sequence(body, ed25519, bits(sign(null, body, issuer.key)))),
    key: subject.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};

/** An authority, and what it certifies for 127.0.0.1. */
export const certificateAuthority = (
  name: string,
): { readonly ca: string; readonly certify: (subject: string) => Certificate } => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const authority = { name, key: privateKey };
  return {
    ca: issue({ ...authority, publicKey, authority: true }, authority).cert,
    certify: (subject) => {
      const pair = generateKeyPairSync('ed25519');
      return issue(
        { name: subject, key: pair.privateKey, publicKey: pair.publicKey, authority: false },
        authority,
      );
    },
  };
};
