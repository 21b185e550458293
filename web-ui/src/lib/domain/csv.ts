/** Tables as text: read leniently, as spreadsheets of two languages write them; written so that none misreads them. */

export interface CsvRow {
  /** The line on which it begins, as an editor counts. */
  line: number;
  cells: string[];
}

export type Csv =
  | { rows: CsvRow[]; separator: string; fault: null }
  /** A quote that nothing closes: where it begins. */
  | { rows: []; separator: string; fault: 'quote'; line: number };

const BOM = '\ufeff';
const SEPARATORS = [';', ',', '\t'];

/** The text of a file: UTF-8, UTF-16 by its mark, or what Windows wrote before that. */
export function decodeCsv(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The separator that the first line has most of, outside quotes. */
function separatorOf(text: string): string {
  const counts = new Map(SEPARATORS.map((separator) => [separator, 0]));
  let quoted = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    else if (!quoted && (letter === '\n' || letter === '\r')) break;
    else if (!quoted && counts.has(letter)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  let best = ',';
  for (const [separator, count] of counts) if (count > (counts.get(best) ?? 0)) best = separator;
  return best;
}

/** Rows with something in them. */
export function parseCsv(input: string): Csv {
  let text = input.startsWith(BOM) ? input.slice(1) : input;
  let line = 1;
  // Excel's own hint about the separator.
  const hint = /^"?sep=([;,\t])"?\r?\n/i.exec(text);
  if (hint) {
    text = text.slice(hint[0].length);
    line = 2;
  }
  const separator = hint?.[1] ?? separatorOf(text);
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = '';
  let began = line;
  let quotedFrom: number | null = null;
  const endRow = () => {
    cells.push(cell);
    if (cells.some((value) => value.trim() !== '')) rows.push({ line: began, cells });
    cells = [];
    cell = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    const isBreak = letter === '\n' || letter === '\r';
    if (letter === '\r' && text[at + 1] === '\n') at += 1;
    if (isBreak) line += 1;
    if (quotedFrom !== null) {
      if (letter !== '"') cell += isBreak ? '\n' : letter;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quotedFrom = null;
    } else if (isBreak) {
      endRow();
      began = line;
    } else if (letter === separator) {
      cells.push(cell);
      cell = '';
    } else if (letter === '"' && cell.trim() === '') {
      cell = '';
      quotedFrom = line;
    } else cell += letter;
  }
  if (quotedFrom !== null) return { rows: [], separator, fault: 'quote', line: quotedFrom };
  if (cell !== '' || cells.length > 0) endRow();
  return { rows, separator, fault: null };
}

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NEUTRAL = /^'(?=[=+\-@\t\r])/;

/** The apostrophe that `writeCsv` put in front is taken off again. */
export const plainCell = (text: string) => text.trim().replace(NEUTRAL, '');

function cellText(value: string): string {
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",;\n\r\t']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** For spreadsheets: UTF-8 with its mark, lines ended as Windows does, and nothing in it that they would run. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return BOM + rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}
