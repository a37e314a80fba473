declare const __L9_VERSION__: string | undefined;

/** From package.json, put in by scripts/build.mjs; what runs from source has none. */
export const version = typeof __L9_VERSION__ === 'undefined' ? '0.0.0' : __L9_VERSION__;
