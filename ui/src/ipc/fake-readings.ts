// The part of the stand-in that reads: what the screen, a picture, the clipboard and the camera are said to hold.
//
//   ?reads=one|several|export|damaged|settings|doubts|none  what every source holds (an export hands out its parts one by one: 3, 1, 2, 4;
//   &unnumbered=1 without a number)
//   &camera=none|busy|denied|stopped|known|found  &asks=1 (the desktop asks before it shows the screen)
//   &pictures=2 (left over after adding)  &short=1 (less is saved than was asked)  &kept=1 (a picture cannot be deleted)

import type * as wire from './bindings';
import type { Client } from './client';
import { candidate, damaged, exported, PARTS_ORDER } from './fake-data';

/** The vault, as far as adding needs it. */
export interface Shelf {
  entries: () => wire.EntryView[];
  add: (entry: wire.EntryView) => void;
  put: (id: string, changed: Partial<wire.EntryView>) => void;
  codeOf: (id: string, parameters: wire.ParametersView) => wire.CodeView;
  refuse: (code: wire.ErrorCode, detail?: Record<string, string>) => never;
}

type Reads = Pick<
  Client,
  'scanScreen' | 'openPicture' | 'paste' | 'proposeKey' | 'candidateCode' | 'addCandidates' | 'discardReading' | 'deletePictures' | 'cameraStart' | 'cameraLook' | 'cameraPreview' | 'cameraStop'
>;

export interface Readings extends Reads {
  /** Makes this the reading, as something dropped would. */
  take: (reading: wire.ReadingView) => wire.ReadingView;
}

const FOLDER = '/home/hanako/Pictures';

export function fakeReadings(query: URLSearchParams, { entries, add, put, codeOf, refuse }: Shelf): Readings {
  let reading: wire.ReadingView | null = null;
  let count = 0;
  let filming = false;
  let frames = 0;

  const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  const take = (answer: wire.ReadingView) => (reading = answer);
  const find = (id: string) => reading?.candidates.find((one) => one.id === id) ?? refuse('no_such_candidate');

  function read(source: wire.Source, candidates: wire.CandidateView[], refusals: wire.RefusalView[] = []): wire.ReadingView {
    count += 1;
    return take({ number: count, source, cancelled: false, candidates: candidates.map((one, at) => ({ ...one, id: `${count}-${at}` })), refusals, exports: [] });
  }

  /** The next part of the export; the reading it belongs to grows. */
  function nextPart(source: wire.Source): wire.ReadingView {
    const before = reading?.exports[0] ? reading : read(source, []);
    const have = before.exports[0]?.have ?? [];
    const part = PARTS_ORDER[have.length] ?? 1;
    const again = have.includes(part);
    const more = again ? [] : exported(part).map((one, at) => ({ ...one, id: `${before.number}-${before.candidates.length + at}` }));
    const all = [...new Set([...have, part])].sort((one, other) => one - other);
    const missing = [1, 2, 3, 4].filter((number) => !all.includes(number));
    const candidates = [...before.candidates, ...more];
    return take({ ...before, source, candidates, refusals: [], exports: [{ parts: 4, have: all, missing, accounts: candidates.length, numbered: !query.has('unnumbered') }] });
  }

  function reads(source: wire.Source): wire.ReadingView {
    switch (query.get('reads') ?? 'one') {
      case 'none':
        return refuse('no_code_found');
      case 'several':
        return read(source, [candidate(0), candidate(1), candidate(3), candidate(2), candidate(4)], [damaged()]);
      case 'settings':
        return read(source, [candidate(6)]);
      case 'doubts':
        return read(source, [candidate(6), candidate(7), candidate(1), candidate(5)]);
      case 'damaged':
        return read(source, [], [damaged()]);
      case 'export':
        return nextPart(source);
      default:
        return read(source, [candidate(0)]);
    }
  }

  return {
    take,
    scanScreen: async () => {
      await pause(500);
      return reads('screen');
    },
    openPicture: async () => reads('picture'),
    paste: async () => reads('clipboard'),
    proposeKey: async ({ text, issuer, account }) => {
      if (/^\s*otpauth:/i.test(text)) return read('text', [candidate(0)]);
      const bad = Array.from(text).findIndex((character) => !/[a-z2-7\s-]/i.test(character));
      if (bad >= 0) refuse('secret_illegal_character', { position: String(bad + 1) });
      return read('text', [{ ...candidate(0), issuer: issuer || null, account }]);
    },
    candidateCode: async (id) => {
      const { parameters } = find(id);
      return parameters.kind === 'hotp' ? null : codeOf(id, parameters);
    },
    addCandidates: async (requests) => {
      await pause(150);
      for (const request of requests) {
        if (!request.issuer && !request.account) refuse('label_empty');
        if (find(request.candidate).present_as && !request.even_if_present) refuse('already_present');
      }
      const ids = requests.map(({ candidate: id, issuer, account, replaces }) => {
        const named = { issuer: issuer || null, account, parameters: find(id).parameters };
        if (replaces === null) add({ id: `added-${id}`, ...named, conflict_of: null, has_history: false });
        else put(replaces, { ...named, has_history: true });
        return replaces ?? `added-${id}`;
      });
      const replaced = requests.filter(({ replaces }) => replaces !== null).length;
      const pictures = Array.from({ length: Number(query.get('pictures') ?? 0) }, (_, at) => ({ id: `p${at}`, name: at === 0 ? 'スクリーンショット 2026-11-25.png' : `export-${at}.png`, folder: FOLDER }));
      const saved = requests.length - (query.has('short') ? 1 : 0);
      return { entries: ids, added: ids.length - replaced, replaced, saved, total: entries().length, pictures, clipboard_cleared: reading?.source === 'clipboard' };
    },
    discardReading: async (number) => {
      if (reading?.number === number) reading = null;
      return null;
    },
    deletePictures: async (ids) => {
      const kept = query.has('kept') ? [{ error: { code: 'file_unreadable', detail: { reason: 'Permission denied' } } as const, name: 'export-1.png', form: null }] : [];
      return { deleted: ids.slice(kept.length).map((id) => `${id}.png`), kept };
    },

    cameraStart: async () => {
      await pause(300);
      const trouble = query.get('camera');
      if (trouble === 'none' || trouble === 'busy' || trouble === 'denied') refuse(`camera_${trouble}`);
      filming = true;
      frames = 0;
      return { name: 'Integrated Camera', width: 640, height: 360 };
    },
    cameraLook: async () => {
      await pause(60);
      if (!filming || (query.get('camera') === 'stopped' && frames > 20)) refuse('camera_stopped');
      frames += 1;
      const found = query.get('camera') === 'found' && frames > 20;
      return { reading: found ? reads('camera') : null, known: query.get('camera') === 'known' && frames > 20, width: 320, height: 180 };
    },
    cameraPreview: async () => cameraFrame(frames),
    cameraStop: async () => {
      filming = false;
      return null;
    },
  };
}

/** A sheet of paper that is moved to and fro before the camera. */
function cameraFrame(at: number): ArrayBuffer {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [320, 180];
  const pen = canvas.getContext('2d');
  if (!pen) return new ArrayBuffer(320 * 180 * 4);
  pen.fillStyle = '#6b6257';
  pen.fillRect(0, 0, 320, 180);
  const x = 110 + 30 * Math.sin(at / 8);
  pen.fillStyle = '#f4f1ea';
  pen.fillRect(x, 30, 100, 125);
  pen.fillStyle = '#111';
  for (let square = 0; square < 64; square += 1) if ((square * 7 + Math.floor(square / 8) * 3) % 5 < 2) pen.fillRect(x + 18 + (square % 8) * 8, 50 + Math.floor(square / 8) * 8, 8, 8);
  return pen.getImageData(0, 0, 320, 180).data.buffer;
}
