/** Subjects and names by which JetStream knows our things (docs.nats.io, "JetStream wire API reference"). */
export const inboxPrefix = (user: string): string => `_INBOX_${user}`;
const INBOX = '_INBOX_';
/** Where the client listens when the server has no users. */
const OPEN_INBOX = '_INBOX.';

/** Whether answers may go there. Anything else could be a subject that its sender may not publish to itself. */
export const isInbox = (subject: string): boolean => subject.startsWith(INBOX) || subject.startsWith(OPEN_INBOX);

/** The stream below a bucket, as NATS KV names it. */
export const bucketStream = (bucket: string): string => `KV_${bucket}`;
export const bucketSubject = (bucket: string, key: string): string => `$KV.${bucket}.${key}`;
export const keyOf = (bucket: string, subject: string): string => subject.slice(`$KV.${bucket}.`.length);

/** Where the server tells that a key has changed, after it was stored. */
export const changeSubject = (bucket: string, key: string): string => `state.${bucket}.${key}`;

export const OPERATION_HEADER = 'KV-Operation';
export const MESSAGE_ID_HEADER = 'Nats-Msg-Id';
export const EXPECTED_SEQUENCE_HEADER = 'Nats-Expected-Last-Subject-Sequence';
/** On an answer that stands for one too large to travel: its bytes and the limit, "1048577 1048576". */
export const OVERSIZE_HEADER = 'Parallax-Oversize-Answer';
