// What the stand-in tells: accounts that could be anyone's, and a drawn login page as the frozen screen.

import type * as wire from './bindings';

/** The usual parameters, with what is different. */
export function parameters(change: Partial<wire.ParametersView> = {}): wire.ParametersView {
  return { kind: 'totp', algorithm: 'SHA1', digits: 6, period: 30, counter: null, secret_bits: 160, warnings: [], issuer_in_label: null, ...change };
}

function entry(named: Pick<wire.EntryView, 'id' | 'issuer' | 'account'> & Partial<wire.EntryView>): wire.EntryView {
  return { parameters: parameters(), conflict_of: null, has_history: false, ...named };
}

const ALL: wire.EntryView[] = [
  entry({ id: 'kosmo', issuer: 'KOSMO Web', account: '12345678', has_history: true }),
  entry({ id: 'github', issuer: 'GitHub', account: 'hanako', parameters: parameters({ secret_bits: 80, warnings: ['short_secret'] }) }),
  entry({ id: 'midori', issuer: 'みどり銀行', account: '普通預金', parameters: parameters({ digits: 8, algorithm: 'SHA256', secret_bits: 256 }) }),
  entry({ id: 'counter', issuer: '社内ネットワーク', account: 'h.yamada', parameters: parameters({ kind: 'hotp', period: null, counter: '18' }) }),
  entry({ id: 'steam', issuer: 'Steam', account: 'hanako_y', parameters: parameters({ kind: 'steam', digits: 5 }) }),
  entry({
    id: 'long',
    issuer: 'とても長い名前の健康保険組合連合会オンライン手続きポータルサイト（本番環境）',
    account: 'a.very.long.account.name.that.never.ends@subdomain.of.a.long.example.co.jp',
    parameters: parameters({ digits: 10, period: 60 }),
  }),
  entry({ id: 'rtl', issuer: 'بنك <b>x</b>', account: 'مثال@example.com', parameters: parameters({ warnings: ['hidden_characters'] }) }),
];

/** So many accounts; after the drawn-up ones, numbered ones. */
export function entriesOf(count: number): wire.EntryView[] {
  const more = Array.from({ length: Math.max(0, count - ALL.length) }, (_, at) => entry({ id: `more-${at}`, issuer: `Site ${at + 1}`, account: `user${at + 1}@example.com` }));
  return [...ALL.slice(0, count), ...more];
}

/** What may be read: 0 an ordinary account, 1 one that is there already, 2 a counter-based one, 3 a new key for an account that is there, 4 one without names, 5 the first once more under another name, 6 other settings for a key that is there, 7 one with everything to wonder about. */
export function candidate(id: number): wire.CandidateView {
  const one = (change: Partial<wire.CandidateView>): wire.CandidateView => ({ id: `1-${id}`, issuer: null, account: '', parameters: parameters(), present_as: null, same_secret: null, same_account: null, export: null, same_key_as: null, ...change });
  const all = [
    one({ issuer: 'KOSMO Web', account: '12345678' }),
    one({ issuer: 'GitHub', account: 'hanako', present_as: ALL[1] ?? null }),
    one({ account: 'h.yamada', parameters: parameters({ kind: 'hotp', period: null, counter: '0' }) }),
    one({ issuer: 'GitHub', account: 'hanako', same_account: ALL[1] ?? null }),
  ];
  if (id === 5) return one({ issuer: 'KOSMO', account: '12345678', same_key_as: '90-0' });
  if (id === 6) return one({ issuer: 'KOSMO Web', account: '12345678', parameters: parameters({ digits: 8, algorithm: 'SHA256', period: 60 }), same_secret: ALL[0] ?? null });
  if (id === 7) return one({ issuer: 'Microsoft', account: 'hanako@example.jp', parameters: parameters({ kind: 'hotp', period: null, counter: '0', warnings: ['unusual_key_length', 'counter_missing', 'hidden_characters'], issuer_in_label: 'Contoso' }) });
  return all[id] ?? one({});
}

/** In which order the parts of the export are read; the fifth is one that was there already. */
export const PARTS_ORDER = [3, 1, 2, 4] as const;

/** What a part of the export holds. */
export function exported(part: number): wire.CandidateView[] {
  const sites = ['みどり銀行', 'Amazon', 'KOSMO Web', 'Slack', 'Google', 'Nintendo', 'Dropbox', 'X'];
  return sites.slice((part - 1) * 2, part * 2).map((issuer) => ({ ...candidate(0), issuer, account: `hanako+${part}@example.jp`, export: 0 }));
}

/** A damaged code: all but its key could be read. */
export function damaged(): wire.RefusalView {
  return {
    error: { code: 'secret_illegal_character', detail: { position: '7' } },
    name: 'login.png',
    form: { issuer: '電気工事組合', account: 'hanako@example.jp', kind: 'totp', algorithm: 'SHA256', digits: 8, period: 60, counter: '0' },
  };
}

/** Two codes on a page, one of them usable; `?codes=0` for a page without, `?codes=3` for one with two that are. */
export function frameOf(query: URLSearchParams): wire.FrameView {
  const [width, height] = [Math.round(innerWidth * devicePixelRatio), Math.round(innerHeight * devicePixelRatio)];
  const square = (x: number, y: number, side: number): wire.FrameCodeView['corners'] => [[x, y], [x + side, y], [x + side, y + side], [x, y + side]];
  const codes: wire.FrameCodeView[] = [
    { index: 0, corners: square(width * 0.4, height * 0.4, 190), labels: [{ issuer: 'KOSMO Web', account: '12345678' }], error: null, form: false },
    { index: 1, corners: square(width * 0.75, height * 0.55, 110), labels: [], error: { code: query.has('damaged') ? 'secret_illegal_character' : 'code_is_web_link', detail: { position: '7' } }, form: query.has('damaged') },
  ];
  const third: wire.FrameCodeView = { index: 2, corners: square(width * 0.14, height * 0.45, 150), labels: [{ issuer: 'みどり銀行', account: '普通預金' }], error: null, form: false };
  const shown = { 0: [], 3: [...codes, third] }[query.get('codes') ?? ''] ?? codes;
  return { width, height, codes: shown, primary: true, language: query.get('lang') === 'en' ? 'en' : 'ja' };
}

/** The page the frame shows, drawn. */
export function pixelsOf(frame: wire.FrameView): ArrayBuffer {
  const canvas = document.createElement('canvas');
  canvas.width = frame.width;
  canvas.height = frame.height;
  const pen = canvas.getContext('2d');
  if (!pen) return new ArrayBuffer(0);
  const paint = (colour: string, x: number, y: number, width: number, height: number) => {
    pen.fillStyle = colour;
    pen.fillRect(x, y, width, height);
  };
  paint('#dfe4ec', 0, 0, frame.width, frame.height);
  paint('#ffffff', frame.width * 0.08, frame.height * 0.06, frame.width * 0.84, frame.height * 0.88);
  paint('#2a5aa0', frame.width * 0.08, frame.height * 0.06, frame.width * 0.84, 56);
  pen.fillStyle = '#223';
  pen.font = '600 24px sans-serif';
  pen.fillText('ワンタイムパスワードの設定', frame.width * 0.12, frame.height * 0.2);
  pen.font = '18px sans-serif';
  pen.fillText('認証アプリで二次元コードを読み取ってください。', frame.width * 0.12, frame.height * 0.25);
  for (const { corners } of frame.codes) {
    const [[x, y], [right]] = corners;
    const module = (right - x) / 21;
    for (let row = 0; row < 21; row += 1) {
      for (let column = 0; column < 21; column += 1) {
        const eye = [[3, 3], [17, 3], [3, 17]].map(([ex, ey]) => Math.max(Math.abs(column - (ex ?? 0)), Math.abs(row - (ey ?? 0))));
        const near = Math.min(...eye);
        const dark = near <= 4 ? near !== 2 && near !== 4 : (row * 7 + column * 13 + row * column) % 3 === 0;
        if (dark) paint('#000', x + column * module, y + row * module, module + 0.5, module + 0.5);
      }
    }
  }
  return pen.getImageData(0, 0, frame.width, frame.height).data.buffer;
}
