/** The guests whom the outlet knows by name, a page at a time. */

import * as api from '$lib/api/customers';
import type { Asked } from '$lib/api/identity';
import type { Customer, CustomerChange, CustomerExport } from '$lib/api/types';
import { uuidv7 } from '$lib/domain/uuid';
import { download } from './download';
import { Paged, type Sought } from './paged.svelte';

export type Ordering = 'name' | '-name' | '-created_at' | '-updated_at';

export interface Wanted extends Sought {
  ordering: Ordering;
}

const EVERYTHING: Wanted = { search: '', ordering: 'name', page: 1 };

export class Customers extends Paged<Customer, Wanted> {
  newId = uuidv7;

  constructor() {
    super(api.customerPage, EVERYTHING);
  }

  async save(known: Customer | null, change: CustomerChange, id: string): Promise<Asked<Customer>> {
    const answer = known
      ? await api.changeCustomer(known.id, change)
      : await api.addCustomer({ ...change, id });
    if (answer.did === 'fine') {
      this.put(answer.body);
      // The name may have moved it.
      if (known) void this.list.load();
    }
    return answer;
  }

  /** All that the hub holds of a guest, as a file. */
  async export({ id }: Customer): Promise<Asked<CustomerExport>> {
    const answer = await api.exportCustomer(id);
    if (answer.did === 'fine') {
      // No name in the file's: it stays where files of many kinds are kept.
      const name = `customer-${id.slice(0, 13)}.json`;
      download(name, `${JSON.stringify(answer.body, null, 2)}\n`, 'application/json');
    }
    return answer;
  }

  /** For good. One who is not there is forgotten already. */
  async forget({ id }: Customer): Promise<Asked<null>> {
    const answer = await api.forgetCustomer(id);
    const isGone =
      answer.did === 'fine' || (answer.did === 'refused' && (answer.status === 404 || answer.status === 410));
    if (answer.did !== 'fine' && !isGone) return answer;
    this.drop(id);
    return { did: 'fine', body: null };
  }
}
