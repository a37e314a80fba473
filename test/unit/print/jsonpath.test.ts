import { describe, expect, it } from 'vitest';
import { L9Error } from '../../../src/model/errors.ts';
import { renderTemplate } from '../../../src/print/jsonpath/evaluate.ts';
import { parsePath, parseTemplate } from '../../../src/print/jsonpath/parse.ts';

const list = {
  kind: 'List',
  items: [
    {
      metadata: { name: 'redis', labels: { tier: 'cache', 'a.b/c': 'x' } },
      status: { ready: 1, conditions: [{ type: 'Ready', status: 'True' }] },
      ports: [30001, 30002, 30003],
    },
    {
      metadata: { name: 'web', labels: { tier: 'front' } },
      status: { ready: 0, conditions: [{ type: 'Ready', status: 'False' }], error: null },
      ports: [],
    },
  ],
};

const render = (template: string, document: unknown = list): string =>
  renderTemplate(parseTemplate(template), document);

describe('templates', () => {
  it.each([
    ['{.kind}', 'List'],
    ['.kind', 'List'],
    ['kind', 'List'],
    ['{$.kind}', 'List'],
    ['{.items[*].metadata.name}', 'redis web'],
    ['{.items[0].metadata.name}', 'redis'],
    ['{.items[-1].metadata.name}', 'web'],
    ['{.items[0].ports[0:2]}', '30001 30002'],
    ['{.items[0].ports[1:]}', '30002 30003'],
    ['{.items[0].ports[:-1]}', '30001 30002'],
    ["{.items[0].metadata.labels['a.b/c']}", 'x'],
    ['{.items[0].metadata.labels.tier}', 'cache'],
    [String.raw`{.items[0].metadata.labels.a\.b/c}`, undefined],
    ['{..name}', 'redis web'],
    ['{.items[?(@.status.ready<1)].metadata.name}', 'web'],
    ['{.items[?(@.metadata.name=="redis")].status.ready}', '1'],
    ["{.items[?(@.metadata.name!='redis')].metadata.name}", 'web'],
    ['{.items[?(@.status.error)].metadata.name}', 'web'],
    ['{.items[?(@.status.ready>=1)].metadata.name}', 'redis'],
    ['{range .items[*]}{.metadata.name}={.status.ready}{"\\n"}{end}', 'redis=1\nweb=0\n'],
    ['{range .items[*]}{.metadata.name}{"\\t"}{$.kind};{end}', 'redis\tList;web\tList;'],
    ['{range .items[*]}{range .ports[*]}<{.}>{end}|{end}', '<30001><30002><30003>||'],
    ['kind: {.kind}!', 'kind: List!'],
    ['{.nothing.at.all}', ''],
    ['{.items[7].metadata.name}', ''],
    ['{.items[1].status.error}', ''],
    ['{.items[0].status}', '{"ready":1,"conditions":[{"type":"Ready","status":"True"}]}'],
    ['{.items[0].metadata.labels.*}', 'cache x'],
  ])('%s', (template, expected) => {
    if (expected === undefined) expect(() => render(template)).toThrow(L9Error);
    else expect(render(template)).toBe(expected);
  });

  it('does not see what an object inherits', () => {
    expect(render('{.constructor}{.toString}{.items.length}')).toBe('');
  });

  it.each([
    ['{.items[}', 'at character 9'],
    ['{.kind', '} was expected'],
    ['{range .items[*]}{.kind}', 'no {end}'],
    ['{end}', 'without {range'],
    ['{}', 'a path such as'],
    ['{.items[?(.a=)]}', 'at character 13: ) was expected'],
    ['{"never closed}', 'a quote is not closed'],
    ['.items[', 'at character 8'],
  ])('%s is refused with its place', (template, message) => {
    expect(() => parseTemplate(template)).toThrow(message);
  });
});

it('a path is refused where it is a template', () => {
  expect(parsePath('{.status.phase}')).toEqual(parsePath('.status.phase'));
  expect(() => parsePath('{.a} {.b}')).toThrow('not one path');
});
