/** What an entry of the trail says, in the reader's words. */

import type { AuditChange, AuditEntry } from '$lib/api/audit';
import { dayText } from '$lib/components/admin/work/looks';
import type { IconName } from '$lib/components/ui/icons';
import { formatDate, formatRate, formatTime } from '$lib/domain/format';
import { access } from '$lib/i18n/access';
import { audit } from '$lib/i18n/audit';
import { i18n } from '$lib/i18n/index.svelte';
import { work } from '$lib/i18n/work';
import type { Area } from '$lib/state/admin/audit.svelte';
import { adminOutlet } from '$lib/state/admin/outlet.svelte';

export const AREA_ICONS: Record<Area, IconName> = {
  menu: 'plate',
  promotions: 'percent',
  orders: 'receipt',
  staff: 'people',
  devices: 'device',
  guests: 'person',
  outlet: 'sliders',
  work: 'clock',
};

/** Amounts in the currency's minor unit. */
const AMOUNTS = new Set(['price', 'total', 'discount', 'amount', 'min_spend', 'cash_rounding_unit']);
/** What a sentence names with the word for what it is. */
const BY_THEIR_KIND = new Set(['order', 'device', 'promotion']);
/** More than this is told in the details alone. */
const CHANGES_SAID = 3;

export const areaIcon = (area: string): IconName => AREA_ICONS[area as Area] ?? 'note';
export const areaName = (area: string): string => audit.t.areas[area] ?? area;
export const fieldName = (field: string): string => audit.t.fields[field] ?? field.replaceAll('_', ' ');
export const factName = (fact: string): string => audit.t.factNames[fact] ?? fieldName(fact);

export function whoOf({ actor }: AuditEntry): string {
  if (actor.kind === 'system') return audit.t.system;
  return actor.kind === 'lan' ? audit.t.stranger(actor.name) : actor.name;
}

/** `22 Nov 2026 19.42`, in the outlet's time. */
export function whenOf({ at }: AuditEntry): { date: string; time: string } {
  const atMs = Date.parse(at);
  const { timeZone } = adminOutlet.figures;
  return { date: formatDate(atMs, i18n.locale, timeZone), time: formatTime(atMs, i18n.locale, timeZone) };
}

/** What a field says, in words. */
export function valueText(field: string, value: unknown): string {
  const { t } = audit;
  if (value === null || value === undefined || value === '') return t.none;
  if (Array.isArray(value))
    return value.length === 0 ? t.none : value.map((one) => valueText('', one)).join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  const said = t.values[field]?.[String(value)];
  if (said !== undefined) return said;
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  if (typeof value === 'number') {
    if (AMOUNTS.has(field)) return adminOutlet.money(value);
    return field.endsWith('_bp') ? formatRate(value, i18n.locale) : String(value);
  }
  const roles: Record<string, string> = { ...access.t.deviceRoles, ...access.t.roles };
  const types: Record<string, string> = i18n.t.types;
  const text = String(value);
  if (field === 'day') return dayText(text);
  if (field === 'job') return (work.t.work.names as Record<string, string>)[text] ?? text;
  if (field === 'role') return roles[text] ?? text;
  return field === 'order_type' ? (types[text] ?? text) : text;
}

/** A change of which the hub tells that it is one, and no more. */
export const isHidden = (change: AuditChange): boolean => change.from === null && change.to === null;

const changeText = (change: AuditChange): string =>
  isHidden(change)
    ? audit.t.hidden
    : `${valueText(change.field, change.from)} → ${valueText(change.field, change.to)}`;

/** One sentence: `Sari mengubah harga Nasi Goreng: Rp 25.000 → Rp 27.000`. */
export function sentence(entry: AuditEntry): string {
  const { t } = audit;
  const [thing = '', verb = ''] = entry.kind.split('.');
  const who = whoOf(entry);
  const name = entry.subject_name;
  const what = t.things[thing]?.(name) ?? name;
  const { facts, changes } = entry;
  const said = t.kinds[entry.kind];
  if (said) {
    const jobs: Record<string, string> = work.t.work.names;
    return said(who, BY_THEIR_KIND.has(thing) ? what : name || who, {
      item: String(facts.item ?? ''),
      quantity: String(facts.quantity ?? ''),
      reason: String(facts.reason ?? ''),
      why: valueText('why', facts.why ?? null),
      isSet: facts.is_set === true,
      day: typeof facts.day === 'string' ? dayText(facts.day) : '',
      orders: valueText('orders', facts.orders ?? 0),
      total: valueText('total', facts.total ?? 0),
      job: jobs[String(facts.job)] ?? String(facts.job ?? ''),
      isOk: facts.is_ok === true,
      message: String(facts.message ?? ''),
    });
  }
  if (verb === 'removed') return t.removed(who, what);
  if (facts.is_new === true) return t.made(who, what);
  const [first] = changes;
  if (first && changes.length === 1 && !isHidden(first))
    return t.changedField(who, fieldName(first.field), what, changeText(first));
  if (first && changes.length <= CHANGES_SAID) {
    const parts = changes.map((change) =>
      isHidden(change) ? fieldName(change.field) : `${fieldName(change.field)} ${changeText(change)}`,
    );
    return `${t.changed(who, what)}: ${parts.join(', ')}`;
  }
  return verb === 'put' || verb === 'set' || verb === 'edited' ? t.changed(who, what) : t.other(who, what);
}

/** What is known beside the changes, for the details. */
export function factsOf({ facts }: AuditEntry): { name: string; text: string }[] {
  return Object.entries(facts)
    .filter(
      ([fact, value]) => !['is_new', 'is_set', 'is_ok'].includes(fact) && value !== '' && value !== null,
    )
    .map(([fact, value]) => ({ name: factName(fact), text: valueText(fact, value) }));
}
