import type { OrderType } from '$lib/api/types';
import type { IconName } from '$lib/components/ui/icons';

/** The ways to eat, in the order in which they are offered, each with its picture. */
export const TYPE_ICONS: Record<OrderType, IconName> = {
  dine_in: 'table',
  take_away: 'bag',
  delivery: 'scooter',
};

export const TYPES = Object.keys(TYPE_ICONS) as OrderType[];
