// What keeps a vault from being lost, and its owner from being locked out.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { App, PASSWORD } from './harness/app.mjs'
import { journey } from './harness/journey.mjs'
import { Keyring } from './harness/keyring.mjs'
import { until } from './harness/poll.mjs'
import { sentence } from './harness/sentences.mjs'

const FIRST = { text: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP', issuer: 'Midori', account: 'hanako@example.jp' }
const SECOND = { text: 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ', issuer: 'あおぞら銀行練習', account: '普通預金7654321' }
const NEW_PASSWORD = 'yuyake no minato 77'

const backupsOf = (app) => join(dirname(app.vaultFile), 'backups')

/** The vault files in a folder, the oldest first. */
const warifuFiles = (folder) => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.warifu')).sort()

async function add(app, account) {
  await app.typeKey(account)
  await app.confirm()
}

/** Waits for so many accounts in the list. */
const listed = (app, count) => until(`${count} accounts listed`, async () => (await app.shows('screen-list')) && (await app.count('entry-code')) === count)

/** Switches quick unlock on, and comes back to the list. */
async function switchOn(app) {
  await app.goToSettings('quick-unlock')
  await app.find('screen-quick-unlock')
  await app.fill('password', PASSWORD)
  await app.press('quick-switch-on')
  await app.find('screen-settings')
  await app.leaveSettings()
}

journey('forgotten_password_is_replaced_with_the_recovery_key', { portal: false }, async (world) => {
  const { app } = world
  await app.createVaultAndKey()
  const key = await app.confirmRecoveryKey()
  assert.match(key, /^([2-9A-HJ-NP-Z]{5}-){7}[2-9A-HJ-NP-Z]{5}$/)
  await add(app, FIRST)
  await app.lock()
  assert.ok(!(await app.everything()).includes(key.slice(0, 5)), 'the key is not on the page any more')

  await app.press('forgot')
  await app.find('screen-recover')
  const wrong = `${key.slice(0, 6)}${key[6] === 'A' ? 'B' : 'A'}${key.slice(7)}`
  await app.fill('recovery-text', wrong)
  await until('the second group marked', async () => (await app.driver.executeScript('return arguments[0].dataset.wrong', await app.find('recovery-progress'))) === '2')
  await app.fill('recovery-text', key.toLowerCase().replaceAll('-', ' '))
  await app.find('recovery-found')
  await app.press('recover-next')
  await app.find('screen-recover-password')
  await app.fill('password', NEW_PASSWORD)
  await app.fill('password-again', NEW_PASSWORD)
  await app.press('recover')
  await listed(app, 1)

  await app.lock()
  await app.fill('password', PASSWORD)
  await app.press('unlock')
  assert.match(await app.text('error-message'), sentence('wrong_password', 'ja'))
  await app.unlock(NEW_PASSWORD)
})

journey('quick_unlock_goes_on_works_after_a_restart_and_goes_off', { portal: false }, async (world) => {
  const keyring = await Keyring.start(world.desktop)
  await world.app.createVault()
  await add(world.app, FIRST)
  await switchOn(world.app)
  assert.equal(await keyring.items(), 1)

  const app = await App.restart(world)
  await app.find('screen-locked')
  await app.press('quick-unlock')
  await listed(app, 1)

  await app.goToSettings('quick-unlock')
  await app.press('quick-switch-off')
  await app.find('screen-settings')
  assert.equal(await keyring.items(), 0)
  await app.leaveSettings()
  await app.lock()
  assert.ok(!(await app.shows('quick-unlock')))
  await app.unlock()
})

journey('keyring_lost_under_our_feet_costs_nothing_but_the_password', { portal: false }, async (world) => {
  const keyring = await Keyring.start(world.desktop)
  const { app } = world
  await app.createVault()
  await add(app, FIRST)
  await switchOn(app)
  await app.lock()
  const before = readFileSync(app.vaultFile)
  await keyring.lose()

  await app.press('quick-unlock')
  assert.match(await app.text('error-message'), sentence('keyring_no_entry', 'ja'))
  assert.deepEqual(readFileSync(app.vaultFile), before, 'the vault is untouched')
  await app.unlock()
  await listed(app, 1)
  await app.find('notice-quick_unlock_gone')
})

journey('second_folder_gets_a_copy_of_each_save', { portal: false }, async (world) => {
  const { app, desktop } = world
  await app.createVault()
  const stick = join(desktop.home, 'stick')
  mkdirSync(stick)
  await app.goToSettings('backups')
  await app.find('screen-backups')
  await app.chooseIn('second-choose', stick)
  await app.find('second-clear')
  assert.equal(warifuFiles(stick).length, 1, 'what there is, at once')
  await app.find('second-same-disk')
  await app.leaveSettings()
  await add(app, FIRST)
  assert.equal(warifuFiles(stick).length, 2)
  const newest = warifuFiles(stick).at(-1)
  assert.deepEqual(readFileSync(join(stick, newest)), readFileSync(app.vaultFile))

  // Pulled out: the save is none the worse, and it is said.
  rmSync(stick, { recursive: true })
  writeFileSync(stick, 'not a folder any more')
  await add(app, SECOND)
  await listed(app, 2)
  await app.find('notice-second_folder_missing')
})

journey('unlocking_can_be_given_up', { portal: false }, async (world) => {
  const { app } = world
  await app.createVault()
  await add(app, FIRST)
  // Faster than any hand, and on a busy machine too late all the same: then it is open, and one tries again.
  const giveUp = `
    const done = arguments[arguments.length - 1]
    const press = (id) => document.querySelector('[data-testid="' + id + '"]')?.click() ?? null
    document.querySelector('[data-testid="unlock"]').click()
    const wait = () => document.querySelector('[data-testid="unlock-cancel"]') ? (press('unlock-cancel'), done(true)) : document.querySelector('[data-testid="screen-list"]') ? done(false) : setTimeout(wait, 1)
    wait()`
  const isGivenUp = async () => {
    await app.lock()
    await app.fill('password', PASSWORD)
    assert.ok(await app.driver.executeAsyncScript(giveUp), 'there was a button to give up with')
    // What is offered beside the form is not while it opens.
    return (await until('the form again, or the list', async () => ((await app.shows('forgot')) ? 'form' : (await app.shows('screen-list')) && 'list'))) === 'form'
  }
  let tries = 5
  while (!(await isGivenUp())) assert.ok((tries -= 1) > 0, 'it never came in time')
  assert.equal((await app.invoke('app_state')).phase.name, 'locked')
  assert.equal((await app.invoke('list_entries', { query: '' })).error.code, 'locked', 'what was derived meanwhile opened nothing')
  await app.unlock()
})

journey('damaged_file_is_restored_from_its_newest_backup', { portal: false }, async (world) => {
  await world.app.createVault()
  await add(world.app, FIRST)
  await add(world.app, SECOND)
  const file = world.app.vaultFile
  await world.app.stop()
  const damaged = Buffer.from(readFileSync(file))
  damaged.fill(0, 1000, 1512)
  writeFileSync(file, damaged)

  world.app = await App.start(world.desktop)
  const { app } = world
  await app.find('screen-unreadable')
  assert.match(await app.text('error-message'), sentence('vault_damaged', 'ja'))
  await app.press('restore-newest')
  await app.find('screen-restore')
  await app.fill('password', 'not this one')
  await app.press('restore')
  assert.match(await app.text('error-message'), sentence('backup_wrong_password', 'ja'))
  assert.deepEqual(readFileSync(file), damaged, 'a wrong password changes nothing')
  await app.fill('password', PASSWORD)
  await app.press('restore')
  await listed(app, 2)

  const kept = readdirSync(dirname(file)).filter((name) => name.endsWith('.warifu') && join(dirname(file), name) !== file)
  assert.equal(kept.length, 1, `the damaged file is kept beside it: ${kept}`)
  assert.deepEqual(readFileSync(join(dirname(file), kept[0])), damaged)
  const again = await App.restart(world)
  await again.unlock()
  await listed(again, 2)
  assert.ok(!(await again.shows('notices')), 'and there is nothing more to say')
})

journey('going_back_to_a_backup_is_said_and_keeps_the_password', { portal: false }, async (world) => {
  const { app } = world
  await app.createVault()
  await add(app, FIRST)
  await add(app, SECOND)
  await app.goToSettings('backups')
  await app.find('screen-backups')
  // The second newest: before the second account.
  await app.driver.executeScript(`document.querySelectorAll('[data-testid="backup"]')[1].click()`)
  await app.find('screen-restore')
  await app.fill('password', PASSWORD)
  await app.press('restore')
  await listed(app, 1)
  await app.find('toast')
  await app.lock()
  await app.unlock()
})

journey('deleted_file_is_never_a_first_start', { portal: false }, async (world) => {
  await world.app.createVault()
  await add(world.app, FIRST)
  const file = world.app.vaultFile
  await world.app.stop()
  await world.desktop.run('rm', [file])

  world.app = await App.start(world.desktop)
  await world.app.find('screen-unreadable')
  assert.match(await world.app.text('error-message'), sentence('vault_missing', 'ja'))
  assert.ok(!existsSync(file))
  await world.app.press('restore-newest')
  await world.app.fill('password', PASSWORD)
  await world.app.press('restore')
  await listed(world.app, 1)
  assert.ok(existsSync(file))
})

journey('drill_opens_the_newest_backup_with_what_is_typed_now', { portal: false }, async (world) => {
  const { app } = world
  await app.createVault()
  await add(app, FIRST)
  const files = () => [readFileSync(app.vaultFile), ...readdirSync(backupsOf(app)).sort()]
  const before = files()
  await app.goToSettings('backups')
  await app.find('screen-backups')
  assert.equal(await app.count('backup'), readdirSync(backupsOf(app)).length)
  const states = await app.driver.executeScript(`return [...document.querySelectorAll('[data-testid="backup"]')].map((backup) => backup.dataset.state)`)
  assert.ok(states.every((state) => state === 'verified'), `${states}`)
  await app.press('drill')
  await app.find('screen-drill')
  await app.fill('password', 'something else')
  await app.press('drill-open')
  assert.match(await app.text('error-message'), sentence('backup_wrong_password', 'ja'))
  await app.fill('password', PASSWORD)
  await app.press('drill-open')
  assert.match(await app.text('drill-result'), /1/)
  await app.press('drill-finish')
  await app.find('drill-state')
  assert.deepEqual(files(), before, 'nothing was changed')
  assert.ok((await app.invoke('list_backups')).last_drill > 0, 'the day is remembered')
})

journey('deleted_account_comes_back_from_the_trash_or_goes_for_good', { portal: false }, async (world) => {
  const { app } = world
  await app.createVault()
  await add(app, FIRST)
  await add(app, SECOND)
  for (const left of [1, 0]) {
    await app.press('entry-menu')
    await app.find('entry-sheet')
    await app.press('entry-delete')
    await until('the entry gone', async () => (await app.count('entry-code')) === left)
  }
  await app.goToSettings('trash')
  await app.find('screen-trash')
  await until('both in the trash', async () => (await app.count('trashed')) === 2)
  await app.press('trash-restore')
  await until('one restored', async () => (await app.count('trashed')) === 1)
  await app.press('trash-remove')
  await app.find('trash-sheet')
  await app.press('trash-remove-confirm')
  await app.find('trash-empty')
  await app.press('back')
  await app.find('screen-settings')
  await until('the place that was left', async () => (await app.inFocus()) === 'trash')
  await app.leaveSettings()
  await listed(app, 1)
  const again = await App.restart(world)
  await again.unlock()
  await listed(again, 1)
})

journey('older_copy_in_the_vaults_place_is_said_and_brought_together', { portal: false }, async (world) => {
  await world.app.createVault()
  await add(world.app, FIRST)
  const older = readFileSync(world.app.vaultFile)
  await add(world.app, SECOND)
  await world.app.stop()
  writeFileSync(world.app.vaultFile, older)

  world.app = await App.start(world.desktop)
  const { app } = world
  await app.unlock()
  await listed(app, 1)
  await app.find('notice-vault_rolled_back')
  await app.press('notice-merge')
  await listed(app, 2)
  const again = await App.restart(world)
  await again.unlock()
  assert.ok(!(await again.shows('notice-vault_rolled_back')), 'settled for good')
})

journey('change_by_another_program_shows_without_a_restart', { portal: false }, async (world) => {
  const { app, desktop } = world
  await app.createVault()
  await add(app, FIRST)
  // The command line with the same vault and the same memory, as another Warifu.
  const line = 'otpauth://totp/Elsewhere:taro?secret=MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK&issuer=Elsewhere'
  await desktop.run('sh', ['-c', 'printf "%s\\n" "$1" | "$2" add --uri "$3" --vault "$4" --password-stdin', 'sh', PASSWORD, process.env.WARIFU_CLI, line, app.vaultFile])
  await listed(app, 2)
  await add(app, SECOND)
  const lines = await desktop.run('sh', ['-c', 'printf "%s\\n" "$1" | "$2" list --vault "$3" --password-stdin', 'sh', PASSWORD, process.env.WARIFU_CLI, app.vaultFile])
  assert.equal(lines.trim().split('\n').length, 3)
})

journey('replaced_key_can_be_taken_back_from_the_history', { portal: false }, async (world) => {
  const { app } = world
  await app.createVault()
  await add(app, FIRST)
  const code = await app.text('entry-code')
  await app.typeKey({ ...FIRST, text: SECOND.text })
  await app.find('screen-confirm')
  await app.find('confirm-same-account')
  await app.press('confirm-add')
  await listed(app, 1)
  await until('another code', async () => (await app.text('entry-code')) !== code)
  await app.press('entry-menu')
  await app.press('entry-history')
  await app.find('screen-history')
  assert.match(await app.text('earlier-code'), /\d{6}/, 'the code that the replaced key gives now')
  await app.press('take-back')
  const { entries } = await app.invoke('list_entries', { query: '' })
  const history = await app.invoke('entry_history', { entry: entries[0].id })
  assert.equal(history.items.length, 1, 'the replaced key is the earlier one now')
})
