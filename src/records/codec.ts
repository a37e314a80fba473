import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { L9Error } from '../model/errors.ts';

/** The label that holds a record's content: base64 of brotli of JSON. Volume events do not carry labels, so it may be large. */
export const DATA_LABEL = 'com.l9.data';
export const SCHEMA_LABEL = 'com.l9.schema';
export const NONCE_LABEL = 'com.l9.nonce';
export const SEQUENCE_LABEL = 'com.l9.seq';
/** The nonces of the versions that this one was made from, its own first. */
export const LINEAGE_LABEL = 'com.l9.lineage';

/** The newest form of records that this version of l9 reads and writes. */
export const SCHEMA_VERSION = 1;

export const encodeRecord = (value: unknown): string =>
  brotliCompressSync(JSON.stringify(value), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 5 },
  }).toString('base64');

/** The JSON text of what `encodeRecord` wrote. */
export const recordText = (volume: string, labels: Readonly<Record<string, string>>): string => {
  const schema = Number(labels[SCHEMA_LABEL]);
  if (!(schema <= SCHEMA_VERSION)) {
    throw new L9Error(
      'RecordTooNew',
      `the record ${volume} was written by a newer l9 (schema ${labels[SCHEMA_LABEL] ?? 'unknown'}, this one reads up to ${SCHEMA_VERSION})`,
      { hint: 'Upgrade l9 on this machine, or use the version that wrote it.' },
    );
  }
  try {
    return brotliDecompressSync(Buffer.from(labels[DATA_LABEL] ?? '', 'base64')).toString('utf8');
  } catch (cause) {
    throw new L9Error('RecordUnreadable', `the record ${volume} cannot be read`, {
      hint: `Look at it with docker volume inspect ${volume}; remove it and apply again.`,
      cause,
    });
  }
};
