import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '$lib/api/audit';
import { i18n } from '$lib/i18n/index.svelte';
import { factsOf, sentence, valueText, whoOf } from './say';

const NO_BREAK = '\u00a0';

function entry(kind: string, subject_name: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    epoch: 1,
    seq: 7,
    at: '2026-11-22T19:42:00.000+07:00',
    area: 'menu',
    kind,
    subject: '0190a000-0500-7000-8000-000000000001',
    subject_name,
    actor: { kind: 'user', id: '0190a000-00a1-7000-8000-000000000003', name: 'Sari' },
    device: null,
    approved_by: null,
    time_unverified: false,
    changes: [],
    facts: {},
    ...more,
  };
}

const change = (field: string, from: unknown, to: unknown) => ({ field, from, to });
const plain = (text: string) => text.replaceAll(NO_BREAK, ' ');

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: {} });
  i18n.choose('id');
});

describe('an entry of the audit trail', () => {
  it('is one sentence', () => {
    const price = entry('product.put', 'Nasi Goreng', { changes: [change('price', 25_000, 27_000)] });
    expect(plain(sentence(price))).toBe('Sari mengubah harga Nasi Goreng: Rp 25.000 → Rp 27.000');
    i18n.choose('en');
    expect(plain(sentence(price))).toBe('Sari changed the price of Nasi Goreng: Rp 25,000 → Rp 27,000');
  });

  it('says what is new, what is gone and what is another', () => {
    const facts = { is_new: true };
    const changes = [change('price', null, 27_000)];
    expect(sentence(entry('category.put', 'Sup', { facts, changes }))).toBe('Sari menambah kategori Sup');
    expect(sentence(entry('modifier.removed', 'Telur'))).toBe('Sari menghapus tambahan Telur');
    const two = [change('table', '', '12'), change('notes', null, null)];
    expect(sentence(entry('order.edited', '042', { changes: two }))).toBe(
      'Sari mengubah pesanan 042: meja – → 12, catatan',
    );
    const many = ['name', 'sku', 'barcode', 'price'].map((field) => change(field, 'a', 'b'));
    expect(sentence(entry('product.put', 'Sup', { changes: many }))).toBe('Sari mengubah Sup');
  });

  it('tells what the hub did by itself', () => {
    const actor = { kind: 'system', id: null, name: 'schedule' };
    const began = entry('promotion.started', 'Jam Hemat', { actor });
    expect(sentence(began)).toBe('Mulai sekarang tamu mendapat promosi Jam Hemat');
    const day = { day: '2026-11-22', orders: 312, total: 29_172_000 };
    expect(plain(sentence(entry('day.closed', '', { actor, facts: day })))).toBe(
      '22 Nov 2026 ditutup: 312 pesanan, Rp 29.172.000',
    );
    const failed = { job: 'backup', is_ok: false, message: 'no room' };
    expect(sentence(entry('job.ran', '', { actor, facts: failed }))).toBe('Cadangan gagal: no room');
    expect(factsOf(entry('day.closed', '', { facts: day })).map(({ name }) => name)).toEqual([
      'Hari usaha',
      'Pesanan',
      'total',
    ]);
    const hours = entry('promotion.put', 'Jam Hemat', {
      changes: [change('hours', '14:00-17:00', '14:00-18:00')],
    });
    expect(sentence(hours)).toBe('Sari mengubah jam promosi Jam Hemat: 14:00-17:00 → 14:00-18:00');
  });

  it('never shows what is hidden, and names guests by nobody', () => {
    const secret = entry('user.put', 'Tono', { changes: [change('password', null, null)] });
    expect(sentence(secret)).toBe('Sari mengubah akun Tono: sandi');
    expect(sentence(entry('guest.put', ''))).toBe('Sari menyimpan data seorang tamu');
  });

  it('has a sentence for what it does not know', () => {
    expect(sentence(entry('dragon.fed', 'Smaug'))).toBe('Sari mengubah sesuatu pada Smaug');
    expect(sentence(entry('dragon.put', 'Smaug'))).toBe('Sari mengubah Smaug');
    expect(sentence(entry('dragon.fed', ''))).toBe('Sari mengerjakan sesuatu');
  });

  it('says who it was', () => {
    const by = (kind: string, name: string) => whoOf(entry('x', '', { actor: { kind, id: null, name } }));
    expect([by('system', 'setup'), by('lan', '10.0.0.9'), by('device', 'Kasir')]).toEqual([
      'Hub',
      'Seseorang di 10.0.0.9',
      'Kasir',
    ]);
  });

  it('writes values as people read them', () => {
    expect(valueText('is_available', false)).toBe('habis');
    expect(plain(valueText('tax_rate_bp', 1_050))).toBe('10,5 %');
    expect(valueText('role', 'manager')).toBe('Manajer');
    expect(valueText('modifier_groups', ['Pedas', 'Telur'])).toBe('Pedas, Telur');
    expect(valueText('station', '')).toBe('–');
    expect(factsOf(entry('x', '', { facts: { is_new: false, reason: 'Salah', item: '' } }))).toEqual([
      { name: 'Alasan', text: 'Salah' },
    ]);
  });
});
