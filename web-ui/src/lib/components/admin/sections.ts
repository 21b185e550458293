import type { IconName } from '$lib/components/ui/icons';
import { admin } from '$lib/i18n/admin';

/** A page of the manager's, and the way to it. */
export interface Section {
  href: string;
  icon: IconName;
  text: string;
  /** Whether it has a place in the bottom bar of a phone, which has room for four and one for the others. */
  isAtHand: boolean;
}

export interface SectionGroup {
  title: string;
  sections: readonly Section[];
}

const at = (page: string, icon: IconName, text: string, isAtHand = false): Section => ({
  href: `/admin/${page}`,
  icon,
  text,
  isAtHand,
});

/** All of them, by what they are about. */
export function sectionGroups(): SectionGroup[] {
  const { t } = admin;
  return [
    {
      title: t.groups.menu,
      sections: [
        at('menu', 'plate', t.menu, true),
        at('categories', 'shelves', t.categories),
        at('modifiers', 'plusCircle', t.modifiers),
        at('promotions', 'tag', t.promotions, true),
      ],
    },
    {
      title: t.groups.people,
      sections: [at('customers', 'heart', t.customers, true), at('staff', 'people', t.staff, true)],
    },
    {
      title: t.groups.outlet,
      sections: [
        at('devices', 'device', t.devices),
        at('settings', 'store', t.settings),
        at('work', 'clock', t.work),
        at('audit', 'journal', t.audit),
        at('security', 'shield', t.security),
      ],
    },
  ];
}

/** Those that have no place at hand on a phone. */
export function furtherGroups(): SectionGroup[] {
  return sectionGroups()
    .map(({ title, sections }) => ({ title, sections: sections.filter(({ isAtHand }) => !isAtHand) }))
    .filter(({ sections }) => sections.length > 0);
}

/** Whether a section, or a page within it, is what is shown. */
export function isHere({ href }: Section, { pathname }: URL): boolean {
  return pathname === href || pathname.startsWith(`${href}/`);
}
