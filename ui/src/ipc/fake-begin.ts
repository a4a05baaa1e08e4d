// What the stand-in does with a chosen backup file, and when somebody begins anew.

import type * as wire from './bindings';
import type { Client } from './client';
import { checkTyped } from './fake-recovery';

/** What it needs of the rest. */
export interface Rest {
  query: URLSearchParams;
  now: () => number;
  phase: () => wire.PhaseView;
  /** Waits as long as a key takes, and rejects if that is given up. */
  opening: () => Promise<void>;
  opens: (key: string) => boolean;
  /** Opens the vault, with another password if one is given. */
  settle: (password: string | null, hint: string) => wire.AppView;
  leave: () => wire.AppView;
}

type Beginning = Pick<Client, 'chooseBackupFile' | 'takeOverFile' | 'takeOverFileRecovered' | 'beginAnew'>;

export function beginning({ query, now, phase, opening, opens, settle, leave }: Rest): Beginning {
  let chosen: wire.ChosenFileView | null = null;
  const locked = () => phase().name !== 'unlocked' || refuse('not_locked');

  function here(): wire.Here {
    const { name } = phase();
    if (query.has('here')) return query.get('here') as wire.Here;
    return name === 'locked' ? 'same_vault' : name === 'unreadable' && query.get('phase') !== 'missing' ? 'unusable' : 'nothing';
  }

  async function takeOver(aside: boolean): Promise<void> {
    locked();
    if (!chosen) refuse('no_file_chosen');
    if (chosen.here === 'other_vault' && !aside) refuse('vault_in_the_way');
    await opening();
  }

  return {
    chooseBackupFile: async () => {
      locked();
      chosen = null;
      const found = query.get('file');
      if (found === 'none') return null;
      if (found) refuse(`file_${found}` as wire.ErrorCode, { major: '2', reason: 'permission denied' });
      const name = 'vault-20260919-231500-r117-5f2e8c1b9d04a763.warifu';
      chosen = { name, written_at: now() - 4 * 86_400, revision: 117, hint: query.get('hint'), has_recovery_key: query.get('recovery') !== '0', here: here() };
      return chosen;
    },
    takeOverFile: async (password, aside) => {
      await takeOver(aside);
      if (!opens(password)) refuse('backup_wrong_password');
      return settle(null, '');
    },
    takeOverFileRecovered: async (key, replacement, hint, aside) => {
      await takeOver(aside);
      const { error } = checkTyped(key);
      if (error) throw error;
      if (!opens(key)) refuse('wrong_recovery_key');
      return settle(replacement, hint);
    },
    beginAnew: async () => {
      locked();
      const missing = phase().name === 'unreadable' && query.get('phase') === 'missing';
      return { app: leave(), kept: missing ? null : 'vault-aside-20260923-081500.warifu' };
    },
  };
}

function refuse(code: wire.ErrorCode, detail: Record<string, string> = {}): never {
  throw { code, detail } satisfies wire.ErrorView;
}
