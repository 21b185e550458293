import type { Promotion } from '$lib/api/promotion-types';
import { i18n } from '$lib/i18n/index.svelte';
import { menu } from '$lib/i18n/menu';
import { promotions as words } from '$lib/i18n/promotions';
import type { Promotions } from '$lib/state/admin/promotions.svelte';
import { notices } from '$lib/state/notices.svelte';
import { wordsOf, type OwnWords } from '../menu/said';

export function ownWords(): OwnWords {
  const { forbidden, insecure, codeTaken } = words.t;
  return { forbidden, insecure, taken: codeTaken };
}

/** On or off at once; what came of it is said in words. */
export async function setActive(
  promotions: Promotions,
  promotion: Promotion,
  isActive: boolean,
  mayUndo = true,
): Promise<void> {
  const { t } = words;
  const answer = await promotions.setActive(promotion, isActive);
  if (answer.did !== 'fine') {
    const text = wordsOf(answer, false, ownWords());
    notices.show({ tone: 'late', title: menu.t.takenBack(promotion.name), text });
    return;
  }
  notices.show({
    tone: isActive ? 'ok' : 'attention',
    title: isActive ? t.nowOn(promotion.name) : t.nowOff(promotion.name),
    action: mayUndo
      ? { label: i18n.t.app.undo, run: () => void setActive(promotions, promotion, !isActive, false) }
      : null,
  });
}
