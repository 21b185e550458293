import type { BadgeTone } from '$lib/components/ui/tones';
import type { IconName } from '$lib/components/ui/icons';
import type { SaleView } from '$lib/domain/sale';

/** Each state of an order in colour and picture; the word stands beside them. */
export const STATUS_LOOKS: Record<SaleView['status'], { tone: BadgeTone; icon: IconName }> = {
  waiting: { tone: 'offline', icon: 'queue' },
  refused: { tone: 'late', icon: 'alert' },
  discarded: { tone: 'stopped', icon: 'trash' },
  open: { tone: 'plain', icon: 'note' },
  sent: { tone: 'plain', icon: 'kitchen' },
  preparing: { tone: 'attention', icon: 'flame' },
  ready: { tone: 'ok', icon: 'check' },
  served: { tone: 'stopped', icon: 'plate' },
  closed: { tone: 'stopped', icon: 'check' },
  cancelled: { tone: 'late', icon: 'stop' },
};
