import type { Minor, Product } from '$lib/api/types';
import { i18n } from '$lib/i18n/index.svelte';
import { menu } from '$lib/i18n/menu';
import { adminOutlet } from '$lib/state/admin/outlet.svelte';
import type { Products } from '$lib/state/admin/products.svelte';
import { notices } from '$lib/state/notices.svelte';
import { wordsOf } from './said';

/** What a row of the menu does by itself; what came of it is said in words. */
export async function setAvailable(
  products: Products,
  product: Product,
  isAvailable: boolean,
  mayUndo = true,
): Promise<void> {
  const { t } = menu;
  const answer = await products.setAvailable(product, isAvailable);
  if (answer.did !== 'fine') {
    notices.show({ tone: 'late', title: t.takenBack(product.name), text: wordsOf(answer) });
    return;
  }
  notices.show({
    tone: isAvailable ? 'ok' : 'attention',
    title: isAvailable ? t.nowAvailable(product.name) : t.nowSoldOut(product.name),
    action: mayUndo
      ? { label: i18n.t.app.undo, run: () => void setAvailable(products, product, !isAvailable, false) }
      : null,
  });
}

export async function setPrice(products: Products, product: Product, price: Minor): Promise<boolean> {
  const { t } = menu;
  const answer = await products.setPrice(product, price);
  if (answer.did !== 'fine') {
    notices.show({ tone: 'late', title: t.takenBack(product.name), text: wordsOf(answer) });
    return false;
  }
  notices.show({ tone: 'ok', title: t.priceSaved(product.name, adminOutlet.money(answer.body.price)) });
  return true;
}
