import { defineErrors } from './define.ts';

/** Images: references, credentials, pulls and builds. */
export const imageErrors = defineErrors({
  ImageReferenceInvalid: {
    title: 'An image reference is not spelled as Docker wants it.',
    remedy: 'Write [HOST[:PORT]/]PATH[:TAG][@sha256:DIGEST], in lower case but for the tag.',
    exit: 2,
    retry: false,
  },
  ImageMissing: {
    title: 'The engine does not have an image, and it may not or cannot be pulled.',
    remedy: 'Run the command that the message names: it pulls, builds or resolves the image again.',
    exit: 1,
    retry: false,
  },
  DockerConfigInvalid: {
    title: "Docker's config.json cannot be read.",
    remedy:
      'Mend the file, or point DOCKER_CONFIG to another folder; `docker login` writes a new one.',
    exit: 1,
    retry: false,
  },
  CredentialHelperMissing: {
    title: "A credential helper that Docker's config.json names is not on the PATH.",
    remedy: 'Install the helper, or remove it from credsStore or credHelpers and log in again.',
    exit: 1,
    retry: false,
  },
  CredentialHelperFailed: {
    title: 'A credential helper gave no usable answer.',
    remedy: 'Run the helper by hand to see what is wrong, or log in again with `docker login`.',
    exit: 1,
    retry: true,
  },
  BuildContextMissing: {
    title: "A build's context folder is not there.",
    remedy: 'Correct build.context; it is relative to the manifest that names it.',
    exit: 2,
    retry: false,
  },
  BuildContextUnreadable: {
    title: "A file of a build's context cannot be read.",
    remedy: 'Make it readable, or leave it out with a line in .dockerignore.',
    exit: 1,
    retry: false,
  },
  BuildContextChanged: {
    title: "Files of a build's context changed again and again while they were being sent.",
    remedy:
      'Build again when nothing writes into the folder, or exclude the files in .dockerignore.',
    exit: 1,
    retry: true,
  },
  DockerignoreInvalid: {
    title: 'A pattern in a .dockerignore cannot be understood.',
    remedy: 'Correct the line; a `[` needs its `]`, and a backslash something to escape.',
    exit: 2,
    retry: false,
  },
  DockerfileMissing: {
    title: "A build's Dockerfile is not there.",
    remedy: 'Write one, or correct build.dockerfile; it is relative to the context.',
    exit: 2,
    retry: false,
  },
  BuildSecretsUnsupported: {
    title: 'Build secrets need a BuildKit session, which l9 does not open.',
    remedy: 'Build with `docker buildx build --secret …` and name the result in `image:`.',
    exit: 2,
    retry: false,
  },
});
