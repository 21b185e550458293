/** The whole menu as a file. */

import { allProducts, outlet } from '$lib/api/menu';
import { businessDay } from '$lib/domain/format';
import { menuCsv } from '$lib/domain/menu-csv';
import { download } from './download';

/** Answers how many rows there are. Throws when the hub does not answer. */
export async function downloadMenu(): Promise<number> {
  const [products, place] = await Promise.all([allProducts(), outlet()]);
  if (!place) throw new Error('the hub does not say which outlet this is');
  const day = businessDay(Date.now(), place.time_zone, 0);
  download(`menu-${day}.csv`, menuCsv(products, place.currency_exponent));
  return products.length;
}
