/** Sends a file as it is. By `XMLHttpRequest`: it is the one that says how much has gone. */

import { answered, type Asked } from './identity';
import { bodyOf, headersOf, renewing, Unreachable, type Reply } from './http';
import type { Shown } from './credentials';

/** A picture of a phone over a weak Wi-Fi takes its time. */
const TIMEOUT_MS = 60_000;

function sendOnce(path: string, file: Blob, onpart: (part: number) => void, shown: Shown): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', path);
    xhr.timeout = TIMEOUT_MS;
    for (const [name, value] of Object.entries(headersOf({}, shown))) xhr.setRequestHeader(name, value);
    xhr.setRequestHeader('content-type', file.type || 'application/octet-stream');
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onpart(event.loaded / event.total);
    };
    xhr.onload = () =>
      resolve({
        status: xhr.status,
        body: bodyOf(xhr.responseText),
        headers: new Headers(),
        retryAfterMs: null,
      });
    xhr.onerror = () => reject(new Unreachable('the file did not arrive'));
    xhr.ontimeout = () => reject(new Unreachable('the file took too long'));
    xhr.send(file);
  });
}

/** `onpart` hears how much has gone, from 0 to 1. Never throws: that nobody answered is an answer too. */
export function upload<T>(path: string, file: Blob, onpart: (part: number) => void): Promise<Asked<T>> {
  return answered<T>(() => renewing((shown) => sendOnce(path, file, onpart, shown)));
}
