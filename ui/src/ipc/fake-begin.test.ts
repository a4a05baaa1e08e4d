import { expect, test } from 'vitest';
import type { AppView, PhaseView } from './bindings';
import { beginning } from './fake-begin';
import { recoveryKey } from './fake-recovery';

const APP = {} as AppView;

function standIn(address: string, phase: PhaseView) {
  const settled: [string | null, string][] = [];
  const client = beginning({
    query: new URLSearchParams(address),
    now: () => 1_790_000_000,
    phase: () => phase,
    opening: async () => {},
    opens: (key) => key === 'warifu' || key === recoveryKey(0).join('-'),
    settle: (password, hint) => (settled.push([password, hint]), APP),
    leave: () => APP,
  });
  return { client, settled };
}

test('what stands in the place of a chosen file follows from where the program stands', async () => {
  const here = async (address: string, phase: PhaseView) => (await standIn(address, phase).client.chooseBackupFile())?.here;
  const error = { code: 'vault_damaged', detail: {} } as const;
  expect(await here('', { name: 'first_start' })).toBe('nothing');
  expect(await here('', { name: 'locked', quick_unlock: 'off', hint: null, has_recovery_key: true })).toBe('same_vault');
  expect(await here('', { name: 'unreadable', error })).toBe('unusable');
  expect(await here('phase=missing', { name: 'unreadable', error })).toBe('nothing');
});

test('a file is taken over with its own key only, and another vault is put aside only if that was said', async () => {
  const { client, settled } = standIn('here=other_vault', { name: 'first_start' });
  await expect(client.takeOverFile('warifu', true)).rejects.toMatchObject({ code: 'no_file_chosen' });
  await client.chooseBackupFile();
  await expect(client.takeOverFile('warifu', false)).rejects.toMatchObject({ code: 'vault_in_the_way' });
  await expect(client.takeOverFile('wrong', true)).rejects.toMatchObject({ code: 'backup_wrong_password' });
  await expect(client.takeOverFileRecovered(recoveryKey(1).join('-'), 'new', '', true)).rejects.toMatchObject({ code: 'wrong_recovery_key' });
  expect(settled).toEqual([]);
  await client.takeOverFile('warifu', true);
  await client.takeOverFileRecovered(recoveryKey(0).join('-'), 'new', 'a bird', true);
  expect(settled).toEqual([[null, ''], ['new', 'a bird']]);
});

test('a file that cannot be used is said to be so, and an open vault takes none', async () => {
  await expect(standIn('file=damaged', { name: 'first_start' }).client.chooseBackupFile()).rejects.toMatchObject({ code: 'file_damaged' });
  expect(await standIn('file=none', { name: 'first_start' }).client.chooseBackupFile()).toBeNull();
  await expect(standIn('', { name: 'unlocked' }).client.beginAnew()).rejects.toMatchObject({ code: 'not_locked' });
});
