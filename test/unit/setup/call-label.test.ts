import { expect, test } from 'vitest';
import { CallLabels } from '../../setup/call-label.ts';

const id = (character: string): string => character.repeat(64);

test('names stand for ids, P for the project, and the API version is dropped', () => {
  const labels = new CallLabels([['t-0001', 'P']]);
  const create = '/v1.41/containers/create?name=t-0001_web_1';
  expect(labels.label('POST', create)).toBe('POST /containers/create?name=P_web_1');
  labels.learn({
    method: 'POST',
    target: create,
    request: { Image: 'x' },
    response: { Id: id('a') },
  });
  expect(labels.label('POST', `/v1.41/containers/${id('a')}/start`)).toBe(
    'POST /containers/{P_web_1}/start',
  );
  expect(labels.label('POST', `/containers/${id('b')}/start`)).toBe('POST /containers/{id}/start');
});

test('a network is learned from the body of its creation, an exec from its container', () => {
  const labels = new CallLabels([['t-0001', 'P']]);
  const network = { target: '/networks/create', request: { Name: 't-0001_default' } };
  labels.learn({ method: 'POST', ...network, response: { Id: id('c'), Warning: '' } });
  expect(labels.label('DELETE', `/networks/${id('c')}`)).toBe('DELETE /networks/{P_default}');
  const exec = { target: '/containers/t-0001_web_1/exec', request: {} };
  labels.learn({ method: 'POST', ...exec, response: { Id: id('d') } });
  expect(labels.label('POST', `/exec/${id('d')}/start`)).toBe('POST /exec/{exec of P_web_1}/start');
});

test('lists teach names, and the first name stays after a rename', () => {
  const labels = new CallLabels();
  const list = (name: string) => ({
    target: '/containers/json',
    response: [{ Id: id('e'), Names: [name] }],
  });
  labels.learn({ method: 'GET', request: undefined, ...list('/web') });
  labels.learn({ method: 'GET', request: undefined, ...list('/web-old') });
  expect(labels.label('GET', `/containers/${id('e')}/json`)).toBe('GET /containers/{web}/json');
});

test('filters and flags play no part, paths and references do', () => {
  const labels = new CallLabels();
  expect(labels.label('GET', '/containers/json?all=1&filters=%7B%7D')).toBe('GET /containers/json');
  expect(labels.label('PUT', '/containers/x/archive?path=%2Fdata&noOverwriteDirNonDir=1')).toBe(
    'PUT /containers/x/archive?path=/data',
  );
  expect(labels.label('POST', '/images/create?fromImage=redis&tag=7')).toBe(
    'POST /images/create?fromImage=redis&tag=7',
  );
});
