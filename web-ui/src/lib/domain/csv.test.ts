import { describe, expect, it } from 'vitest';
import { decodeCsv, parseCsv, plainCell, writeCsv } from './csv';

const cells = (text: string) => parseCsv(text).rows.map((row) => row.cells);
const lines = (text: string) => parseCsv(text).rows.map((row) => row.line);

describe('a table as text', () => {
  it('is read with commas, semicolons or tabs', () => {
    const rows = [
      ['sku', 'name'],
      ['M1', 'Nasi'],
    ];
    expect(cells('sku,name\nM1,Nasi\n')).toEqual(rows);
    expect(cells('sku;name\r\nM1;Nasi')).toEqual(rows);
    expect(cells('sku\tname\rM1\tNasi\r')).toEqual(rows);
    expect(cells('\ufeffsku;name\r\nM1;Nasi\r\n')).toEqual(rows);
    expect(cells('sep=;\r\nsku;name\r\nM1;Nasi\r\n')).toEqual(rows);
    expect(lines('sep=;\r\nsku;name\r\nM1;Nasi\r\n')).toEqual([2, 3]);
  });

  it('keeps separators, quotes and breaks that are quoted', () => {
    expect(cells('a,b\n"x, y","say ""hi"""\n"two\r\nlines",z')).toEqual([
      ['a', 'b'],
      ['x, y', 'say "hi"'],
      ['two\nlines', 'z'],
    ]);
    expect(lines('a,b\n"two\r\nlines",z\n\n,\nc,d')).toEqual([1, 2, 6]);
    expect(cells('"a;b;c",d')).toEqual([['a;b;c', 'd']]);
  });

  it('says where a quote begins that nothing closes', () => {
    expect(parseCsv('a,b\nc,"d\ne,f\n')).toEqual({ rows: [], separator: ',', fault: 'quote', line: 2 });
    expect(cells('')).toEqual([]);
    expect(cells('a,5" pan\n')).toEqual([['a', '5" pan']]);
  });

  it('is written so that no spreadsheet runs it, and read back as it was', () => {
    const rows = [['=1+1', '+62', '-5', '@x', 'a "b"', 'c,d', 'e\nf', "g's"]];
    const text = writeCsv(rows);
    expect(text.startsWith('\ufeff')).toBe(true);
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text).toContain(`"'=1+1","'+62","'-5","'@x","a ""b""","c,d"`);
    expect(cells(text).map((row) => row.map(plainCell))).toEqual(rows);
  });

  it('is decoded from UTF-8, UTF-16 and the old encoding of Windows', () => {
    expect(decodeCsv(new TextEncoder().encode('Jajan é'))).toBe('Jajan é');
    expect(decodeCsv(new Uint8Array([0x43, 0xe9]))).toBe('Cé');
    expect(decodeCsv(new Uint8Array([0xff, 0xfe, 0x43, 0x00]))).toBe('C');
  });
});
