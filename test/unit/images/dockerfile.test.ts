import { describe, expect, it } from 'vitest';
import { baseImages } from '../../../src/images/dockerfile.ts';

describe('baseImages', () => {
  it.each<[string, string, string[]]>([
    ['one', 'FROM redis:7\nRUN x', ['redis:7']],
    ['a platform', 'from --platform=linux/amd64 redis', ['redis']],
    ['stages', 'FROM a/b AS Build\nFROM scratch\nCOPY --from=build /x /x', ['a/b']],
    ['stages by number', 'FROM a\nFROM b\nCOPY --from=0 /x /x', ['a', 'b']],
    ['an image to copy from', 'FROM scratch\nCOPY --chown=1 --from=x.io/y:1 /x /x', ['x.io/y:1']],
    ['a default', 'ARG V=7\nFROM redis:${V}', ['redis:7']],
    ['a given argument', 'ARG BASE=redis\nFROM $BASE', ['given/base']],
    ['one from another', 'ARG R=x.io\nARG I="${R}/y"\nFROM ${I}:1', ['x.io/y:1']],
    ['a word when unset', 'FROM ${NONE:-redis:7}', ['redis:7']],
    ['a word when set', 'ARG V=1\nFROM redis${V:+:7}', ['redis:7']],
    ['continued lines', 'FROM \\\n # note\n redis:7 \\\n AS x', ['redis:7']],
    ['another escape', '# escape=`\nFROM `\nredis', ['redis']],
    ['windows lines', 'FROM redis\r\nRUN x\r\n', ['redis']],
    ['nothing', '', []],
    ['an ARG of a stage', 'FROM a\nARG X=b\nFROM ${X}', ['a']],
  ])('%s', (_, text, expected) => {
    expect(baseImages(text, { BASE: 'given/base' })).toEqual(expected);
  });
});
