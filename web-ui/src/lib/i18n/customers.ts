/** Words of the customers in the manager's pages. */

import { customersEn } from './parts/customers.en';
import { customersId } from './parts/customers.id';
import { words } from './words';

export const customers = words({ id: customersId, en: customersEn });
