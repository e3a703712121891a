/** Failures of a file system, with the codes and in the form of Node's. */
const MESSAGES = {
  EBADF: "bad file descriptor",
  EEXIST: "file already exists",
  EINVAL: "invalid argument",
  EISDIR: "illegal operation on a directory",
  ENAMETOOLONG: "name too long",
  ENOENT: "no such file or directory",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  EROFS: "read-only file system",
} as const;

export type FailureCode = keyof typeof MESSAGES;

export interface FileSystemError extends Error {
  readonly code: FailureCode;
}

export function failure(code: FailureCode, call: string, path: string): FileSystemError {
  return Object.assign(new Error(`${code}: ${MESSAGES[code]}, ${call} '${path}'`), { code, syscall: call, path });
}
