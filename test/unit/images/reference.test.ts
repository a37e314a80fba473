import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atDigest,
  canonical,
  familiar,
  familiarName,
  isImageId,
  parseReference,
  pullable,
} from '../../../src/images/reference.ts';
import { failure } from '../../setup/failure.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

describe('parseReference', () => {
  it.each([
    ['redis', 'docker.io/library/redis', 'redis'],
    ['redis:7-alpine', 'docker.io/library/redis:7-alpine', 'redis:7-alpine'],
    ['docker.io/redis:7', 'docker.io/library/redis:7', 'redis:7'],
    ['index.docker.io/library/redis', 'docker.io/library/redis', 'redis'],
    ['qdrant/qdrant:v1', 'docker.io/qdrant/qdrant:v1', 'qdrant/qdrant:v1'],
    ['library/a/b', 'docker.io/library/a/b', 'library/a/b'],
    ['localhost/x', 'localhost/x', 'localhost/x'],
    ['127.0.0.1:5000/x:1', '127.0.0.1:5000/x:1', '127.0.0.1:5000/x:1'],
    ['[::1]:5000/x', '[::1]:5000/x', '[::1]:5000/x'],
    ['l9.local/a/b:c', 'l9.local/a/b:c', 'l9.local/a/b:c'],
    [`ghcr.io/a/b@${digest}`, `ghcr.io/a/b@${digest}`, `ghcr.io/a/b@${digest}`],
    [`redis:7@${digest}`, `docker.io/library/redis:7@${digest}`, `redis:7@${digest}`],
  ])('%s', (text, full, short) => {
    expect(canonical(parseReference(text))).toBe(full);
    expect(familiar(parseReference(text))).toBe(short);
  });

  it.each([
    ['', 'it is empty'],
    ['Redis:7', 'the name must be in lower case'],
    ['redis:', '"" is no tag'],
    ['redis:a b', '"a b" is no tag'],
    [`redis:${'x'.repeat(129)}`, 'is no tag'],
    ['redis@sha256:abc', '"sha256:abc" is no digest'],
    [`redis@sha256:${'AB'.repeat(32)}`, 'in lower case'],
    ['a//b', '"a//b" is no image name'],
    ['-a', '"library/-a" is no image name'],
    ['a___b', 'is no image name'],
    ['exa_mple.com/x', '"exa_mple.com" is no host name'],
    ['host:port/x', '"host:port" is no host name'],
    ['x'.repeat(300), 'longer than 255'],
    [digest, 'it is an image id'],
  ])('refuses %s', async (text, why) => {
    const error = await failure(() => parseReference(text));
    expect(error.code).toBe('ImageReferenceInvalid');
    expect(error.message).toContain(why);
    expect(error.hint).toBeTruthy();
  });

  it('says what was meant when only the case is wrong', () => {
    expect(() => parseReference('Acme/App:V1')).toThrow(
      expect.objectContaining({ hint: 'did you mean acme/app:V1?' }),
    );
  });

  it('reads every spelling that it writes', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}([._-][a-z0-9]{1,4})?$/);
    const reference = fc
      .record({
        domain: fc.constantFrom('docker.io', 'ghcr.io', 'localhost', '10.0.0.1:5000', 'a.b:1'),
        parts: fc.array(part, { minLength: 2, maxLength: 4 }),
        tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,10}$/), { nil: undefined }),
        digest: fc.option(fc.constant(digest), { nil: undefined }),
      })
      // A first part with a dot would be read as a host on Docker Hub, by Docker too.
      .filter(({ domain, parts }) => domain !== 'docker.io' || !/[.]|^localhost$/.test(parts[0]!));
    fc.assert(
      fc.property(reference, ({ domain, parts, tag, digest: at }) => {
        const value = {
          domain,
          path: parts.join('/'),
          ...(tag !== undefined && { tag }),
          ...(at !== undefined && { digest: at }),
        };
        expect(parseReference(canonical(value))).toEqual(value);
        expect(parseReference(familiar(value))).toEqual(value);
      }),
    );
  });
});

describe('what is pulled', () => {
  it('is latest when nothing is said, and exact with a digest', () => {
    expect(familiar(pullable(parseReference('redis')))).toBe('redis:latest');
    expect(familiar(pullable(parseReference('redis:7')))).toBe('redis:7');
    expect(familiar(pullable(parseReference(`redis@${digest}`)))).toBe(`redis@${digest}`);
    expect(familiar(atDigest(parseReference('redis:7'), digest))).toBe(`redis@${digest}`);
    expect(familiarName(parseReference('redis:7'))).toBe('redis');
  });
  it('is never an id', () => {
    expect(isImageId(digest)).toBe(true);
    expect(isImageId('ab'.repeat(32))).toBe(true);
    expect(isImageId('abcdef')).toBe(false);
  });
});
