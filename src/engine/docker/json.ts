/**
 * Parses what the engine sent (or the docker CLI wrote) and trusts its documented shape. The only
 * place where that is taken on trust: the wire types stand in wire.ts, and every part that an engine
 * may leave out is optional there.
 */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion, typescript/no-unnecessary-type-parameters
export const parseTrusted = <T>(text: string): T => JSON.parse(text) as T;
