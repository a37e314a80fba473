// @ts-check
// What the images hold that the quickstart, the tests and the benchmarks use. The tags are names that
// manifests can rely on; the version inside is the one of the machine's distribution.

/**
 * @typedef {object} Recipe
 * @property {string} reference
 * @property {readonly string[]} packages
 * @property {RegExp} [family] see packages.mjs
 * @property {import('../rootfs.mjs').Contents} contents
 * @property {readonly string[]} config lines of a Dockerfile
 * @property {string} official where there is no apt, this image is pulled and given our name
 * @property {readonly string[]} [onOfficial] in that case what to add to it, with contents.files at hand; the config follows
 *
 * @typedef {'busybox' | 'redis' | 'indexer' | 'postgres' | 'nginx'} ImageName
 */

/** @type {Record<ImageName, Recipe>} */
export const recipes = {
  busybox: {
    reference: 'l9.local/busybox:1',
    official: 'busybox:1',
    packages: ['busybox-static'],
    contents: { programs: [] },
    config: ['CMD ["sh"]'],
  },
  redis: {
    reference: 'l9.local/redis:7',
    official: 'redis:7-alpine',
    packages: ['redis-server', 'redis-tools'],
    contents: {
      programs: ['/usr/bin/redis-server', '/usr/bin/redis-cli'],
      files: { '/usr/local/bin/docker-entrypoint.sh': 'redis-entrypoint.sh' },
      folders: { '/data': 999 },
      users: { redis: 999 },
    },
    config: [
      'ENTRYPOINT ["docker-entrypoint.sh"]',
      'CMD ["redis-server"]',
      'EXPOSE 6379/tcp',
      'VOLUME /data',
      'WORKDIR /data',
    ],
  },
  indexer: {
    reference: 'l9.local/indexer:1',
    official: 'redis:7-alpine',
    onOfficial: [
      'COPY --from=busybox:1 /bin/busybox /usr/local/bin/busybox',
      'COPY indexer.sh /usr/local/bin/indexer',
    ],
    packages: ['redis-server', 'redis-tools'],
    contents: {
      programs: ['/usr/bin/redis-cli'],
      files: { '/usr/local/bin/indexer': 'indexer.sh' },
    },
    config: ['ENTRYPOINT ["indexer"]', 'CMD ["run"]', 'EXPOSE 8080/tcp'],
  },
  postgres: {
    reference: 'l9.local/postgres:15',
    official: 'postgres:15-alpine',
    packages: ['postgresql', 'tzdata'],
    family: /^postgresql(-client)?-\d+$/,
    contents: {
      programs: [],
      copies: [
        '/usr/lib/postgresql',
        '/usr/share/postgresql',
        '/usr/share/zoneinfo/Etc',
        '/usr/share/zoneinfo/UTC',
      ],
      without: /\/(bitcode|pgxs|llvmjit[^/]*)(\/|$)/,
      files: { '/usr/local/bin/docker-entrypoint.sh': 'postgres-entrypoint.sh' },
      folders: { '/var/lib/postgresql/data': 999, '/var/run/postgresql': 999 },
      users: { postgres: 999 },
    },
    config: [
      'ENV PGDATA=/var/lib/postgresql/data',
      'ENTRYPOINT ["docker-entrypoint.sh"]',
      'CMD ["postgres"]',
      'EXPOSE 5432/tcp',
      'VOLUME /var/lib/postgresql/data',
      'STOPSIGNAL SIGINT',
    ],
  },
  nginx: {
    reference: 'l9.local/nginx:1',
    official: 'nginx:1-alpine',
    packages: ['nginx'],
    contents: {
      programs: ['/usr/sbin/nginx'],
      files: {
        '/etc/nginx/nginx.conf': 'nginx.conf',
        '/usr/share/nginx/html/index.html': 'nginx-index.html',
      },
      folders: { '/var/lib/nginx': 0, '/var/log/nginx': 0, '/run': 0 },
      users: { 'www-data': 33 },
    },
    config: ['CMD ["nginx", "-g", "daemon off;"]', 'EXPOSE 80/tcp', 'STOPSIGNAL SIGQUIT'],
  },
};
