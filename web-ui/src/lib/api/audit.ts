/** What a manager's pages ask of the hub about who did what. */

import { read } from './http';
import type { Page, Schemas, Told } from './types';

/** Something that was done. */
export type AuditEntry = Told<Schemas['AuditEntry']>;
export type AuditChange = AuditEntry['changes'][number];

/** One page, newest first. A page behind the last is the hub's 404. Throws like `read`. */
export async function auditPage(query: Record<string, string>): Promise<Page<AuditEntry>> {
  const { body } = await read(`/api/hub/audit/?${new URLSearchParams(query)}`);
  return body as Page<AuditEntry>;
}
