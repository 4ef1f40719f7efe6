/** Why a file or directory cannot be used, and what helps; each a part of a sentence. */
export interface FileFault {
  readonly reason: string;
  readonly advice: string;
}

interface Known extends FileFault {
  /** How the system says it where no code is told. */
  readonly text: string;
}

const NO_RIGHT = { text: 'Permission denied', reason: 'this user has no right to write there', advice: 'give it to the user, or run as the one that owns it' };
const NO_DIRECTORY = { text: 'Not a directory', reason: 'there is a file where a directory must be', advice: 'take the file away, or name a directory' };

const FAULTS: Readonly<Record<string, Known>> = {
  EACCES: NO_RIGHT,
  EPERM: { ...NO_RIGHT, text: 'Operation not permitted' },
  ENOTDIR: NO_DIRECTORY,
  EEXIST: { ...NO_DIRECTORY, text: 'File exists' },
  EISDIR: { text: 'Is a directory', reason: 'there is a directory where a file must be', advice: 'take the directory away' },
  ENOENT: { text: 'No such file or directory', reason: 'it was taken away, or a part of its path does not exist', advice: 'make it again' },
  EROFS: { text: 'Read-only file system', reason: 'its file system is read-only', advice: 'mount it writable' },
  ENOSPC: { text: 'No space left on device', reason: 'its disk is full', advice: 'make room on it' },
  EDQUOT: { text: 'Disk quota exceeded', reason: 'the quota of this user on its disk is used up', advice: 'delete something, or raise the quota' },
  EIO: { text: 'Input/output error', reason: 'its disk fails', advice: 'look into the system’s log, and replace the disk' },
  EMFILE: { text: 'Too many open files', reason: 'this process has as many files open as it may', advice: 'raise its limit (ulimit -n)' },
};

/** What the system's error, or one of those that it came from, says of a file; null where that is none that is known. */
export function fileFaultOf(error: unknown): FileFault | null {
  for (let one = error; isError(one); one = one.cause) {
    const { code, message } = one;
    const name = code !== undefined && code in FAULTS ? code : Object.keys(FAULTS).find((each) => message.includes(`: ${FAULTS[each].text}`));
    if (name !== undefined) return { reason: `${FAULTS[name].reason} (${name})`, advice: FAULTS[name].advice };
  }
  return null;
}

/** The same in one part of a sentence; of what is not known the words of the innermost error. */
export function fileFaultText(error: unknown): string {
  const fault = fileFaultOf(error);
  if (fault !== null) return `${fault.reason}: ${fault.advice}`;
  let one = error;
  while (isError(one) && isError(one.cause)) one = one.cause;
  return isError(one) ? one.message : String(one);
}

/** Also errors of another realm, which `instanceof` does not know. */
const isError = (value: unknown): value is Error & { readonly code?: string } => Object.prototype.toString.call(value) === '[object Error]';
