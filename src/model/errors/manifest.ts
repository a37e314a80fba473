import { defineErrors } from './define.ts';

/** Errors and warnings about what people wrote. Nothing was touched. */
export const manifestErrors = defineErrors({
  ManifestNotFound: {
    title: 'There is no manifest where one was looked for.',
    remedy: 'Name a file or folder with -f, or run the command in a folder with an l9.yaml.',
    exit: 2,
    retry: false,
  },
});
