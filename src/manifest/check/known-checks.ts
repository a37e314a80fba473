interface Known {
  /** Last components of image names. */
  readonly images: readonly string[];
  /** What follows `healthcheck:`. */
  readonly check: string;
}

const exec = (...words: readonly string[]): string => `exec: [${words.join(', ')}]`;
const shell = (command: string): string => `exec: ${JSON.stringify(command)}`;
const http = (port: number, path: string): string => `http: { port: ${port}, path: ${path} }`;
const tcp = (port: number): string => `tcp: { port: ${port} }`;
const after = (startPeriod: string, check: string): string =>
  `${check}\n  startPeriod: ${startPeriod}`;

/** Checks that the images' own tools, or l9 itself, can make; slow starters get time. */
const known: readonly Known[] = [
  { images: ['redis', 'redis-stack', 'redis-stack-server'], check: exec('redis-cli', 'ping') },
  { images: ['valkey'], check: exec('valkey-cli', 'ping') },
  { images: ['keydb'], check: exec('keydb-cli', 'ping') },
  {
    images: ['postgres', 'postgresql', 'postgis', 'pgvector', 'timescaledb'],
    check: shell('pg_isready -U "${POSTGRES_USER:-postgres}"').replaceAll('${', '$${'),
  },
  {
    images: ['mysql', 'percona', 'percona-server'],
    check: after('30s', shell('mysqladmin ping -h 127.0.0.1 --silent')),
  },
  {
    images: ['mariadb'],
    check: after('30s', exec('healthcheck.sh', '--connect', '--innodb_initialized')),
  },
  {
    images: ['mongo', 'mongodb'],
    check: after('20s', exec('mongosh', '--quiet', '--eval', "'db.runCommand({ ping: 1 }).ok'")),
  },
  { images: ['nginx', 'openresty', 'httpd', 'caddy', 'traefik'], check: tcp(80) },
  { images: ['nginx-unprivileged'], check: tcp(8080) },
  { images: ['neo4j'], check: after('60s', http(7474, '/')) },
  { images: ['qdrant'], check: http(6333, '/readyz') },
  { images: ['weaviate'], check: http(8080, '/v1/.well-known/ready') },
  { images: ['chroma'], check: http(8000, '/api/v2/heartbeat') },
  {
    images: ['elasticsearch', 'opensearch'],
    check: after('60s', http(9200, '/_cluster/health')),
  },
  { images: ['kibana'], check: after('60s', http(5601, '/api/status')) },
  { images: ['solr'], check: after('30s', http(8983, '/solr/admin/info/system')) },
  { images: ['meilisearch'], check: http(7700, '/health') },
  { images: ['typesense'], check: http(8108, '/health') },
  {
    images: ['rabbitmq'],
    check: after('30s', exec('rabbitmq-diagnostics', '-q', 'ping')),
  },
  { images: ['kafka', 'cp-kafka', 'redpanda'], check: after('30s', tcp(9092)) },
  { images: ['zookeeper', 'cp-zookeeper'], check: tcp(2181) },
  { images: ['nats'], check: tcp(4222) },
  { images: ['eclipse-mosquitto', 'mosquitto'], check: tcp(1883) },
  { images: ['memcached'], check: tcp(11211) },
  { images: ['minio'], check: http(9000, '/minio/health/live') },
  { images: ['clickhouse', 'clickhouse-server'], check: http(8123, '/ping') },
  { images: ['etcd'], check: exec('etcdctl', 'endpoint', 'health') },
  { images: ['consul'], check: http(8500, '/v1/status/leader') },
  { images: ['vault', 'openbao'], check: http(8200, "'/v1/sys/health?standbyok=true'") },
  { images: ['influxdb'], check: http(8086, '/health') },
  { images: ['prometheus'], check: http(9090, '/-/healthy') },
  { images: ['alertmanager'], check: http(9093, '/-/healthy') },
  { images: ['grafana', 'grafana-oss', 'grafana-enterprise'], check: http(3000, '/api/health') },
  { images: ['loki'], check: after('30s', http(3100, '/ready')) },
  { images: ['jaeger', 'all-in-one'], check: http(14269, '/') },
  { images: ['cassandra', 'scylla'], check: after('90s', tcp(9042)) },
  { images: ['cockroach'], check: http(8080, '/health?ready=1') },
  { images: ['couchdb'], check: http(5984, '/_up') },
  { images: ['keycloak'], check: after('60s', tcp(8080)) },
  { images: ['registry'], check: http(5000, '/v2/') },
  { images: ['ollama'], check: http(11434, '/api/version') },
  { images: ['adminer'], check: http(8080, '/') },
];

const byImage = new Map(known.flatMap(({ images, check }) => images.map((name) => [name, check])));

/** A health check to paste, for images that everybody knows; undefined for others. */
export function knownCheck(image: string): string | undefined {
  const name = image.replace(/@.*$/, '').split('/').at(-1)?.replace(/:.*$/, '') ?? '';
  const check = byImage.get(name);
  return check === undefined ? undefined : `healthcheck:\n  ${check}`;
}
