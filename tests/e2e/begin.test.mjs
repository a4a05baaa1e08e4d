// Starting from a backup file that the person chooses, and beginning anew when everything is forgotten.
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { App, PASSWORD } from './harness/app.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'
import { sentence } from './harness/sentences.mjs'

const FIRST = { text: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP', issuer: 'Midori', account: 'hanako@example.jp' }
const NEW_PASSWORD = 'yuyake no minato 77'

const listed = (app, count) => until(`${count} accounts listed`, async () => (await app.shows('screen-list')) && (await app.count('entry-code')) === count)

const vaultsBeside = (app) => readdirSync(dirname(app.vaultFile)).filter((name) => name.endsWith('.warifu')).sort()

async function add(app, account) {
  await app.typeKey(account)
  await app.confirm()
}

/** Takes what there is away, as if this were another computer, and keeps the newest backup on a stick. */
async function toAnotherComputer(world) {
  const { app, desktop } = world
  const stick = join(desktop.home, 'stick')
  mkdirSync(stick)
  const backups = join(dirname(app.vaultFile), 'backups')
  const newest = readdirSync(backups).sort().at(-1)
  const file = join(stick, newest)
  copyFileSync(join(backups, newest), file)
  await app.stop()
  // What this one remembers, too: it would miss its vault.
  await desktop.run('rm', ['-r', dirname(app.vaultFile), join(desktop.env.XDG_STATE_HOME, 'warifu')])
  world.app = await App.start(desktop)
  return file
}

/** Opens the fold of the first page that is about another computer. */
async function unfold(app) {
  await app.find('screen-first-start')
  await app.driver.executeScript(`document.querySelector('[data-testid="moved-fold"]').open = true`)
  await until('the button in sight', async () => app.driver.executeScript(`
    const box = document.querySelector('[data-testid="choose-file"]').getBoundingClientRect()
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.dataset.testid === 'choose-file'`))
}

journey('backup_file_from_another_computer_becomes_the_vault_of_a_new_one', { portal: false }, async (world) => {
  await world.app.createVaultAndKey()
  const key = await world.app.confirmRecoveryKey()
  await add(world.app, FIRST)
  const file = await toAnotherComputer(world)
  const before = readFileSync(file)
  const { app, desktop } = world
  const wrong = join(desktop.home, 'stick', 'letter.txt')
  writeFileSync(wrong, 'Dear all, this is not a vault, however one looks at it.')

  await unfold(app)
  await app.chooseIn('choose-file', wrong)
  assert.match(await app.text('error-message'), sentence('file_not_a_vault', 'ja'))
  await app.chooseIn('choose-file', file)
  await app.find('screen-take-over')
  await app.find('file-here-nothing')
  await app.fill('password', 'not this one')
  await app.press('take-over')
  assert.match(await app.text('error-message'), sentence('backup_wrong_password', 'ja'))
  assert.ok(!existsSync(app.vaultFile), 'a wrong password makes no vault')
  // The password is forgotten, and the sheet is at hand.
  await app.press('file-recover')
  await app.find('screen-recover')
  await app.fill('recovery-text', key)
  await app.press('recover-next')
  await app.fill('password', NEW_PASSWORD)
  await app.fill('password-again', NEW_PASSWORD)
  await app.press('recover')
  await listed(app, 1)
  assert.deepEqual(readFileSync(file), before, 'the chosen file is what it was')
  const again = await App.restart(world)
  await again.unlock(NEW_PASSWORD)
  await listed(again, 1)
  assert.ok(!(await again.shows('notices')), 'and there is nothing more to say')
})

journey('everything_forgotten_leads_to_a_new_vault_and_the_old_one_opens_when_it_comes_to_mind', { portal: false }, async (world) => {
  const { app } = world
  await app.createVault()
  await add(app, FIRST)
  const before = readFileSync(app.vaultFile)
  await app.lock()
  await app.press('forgot')
  await app.find('screen-forgotten')
  await app.press('begin-anew')
  await app.find('screen-begin-anew')
  assert.ok(!(await (await app.find('anew-begin')).isEnabled()), 'not without the tick')
  await app.press('anew-cancel')
  await app.find('screen-forgotten')
  await app.press('begin-anew')
  await app.press('anew-understood')
  await app.press('anew-begin')
  await app.find('screen-first-start')
  const [kept] = vaultsBeside(app)
  assert.ok((await app.text('kept')).includes(kept))
  assert.deepEqual(readFileSync(join(dirname(app.vaultFile), kept)), before)

  await app.createVault(NEW_PASSWORD)
  assert.equal((await app.invoke('list_entries', { query: '' })).total, 0)
  assert.equal((await app.invoke('list_backups')).backups.length, 1, 'its own')
  const anew = readFileSync(app.vaultFile)

  // It came to mind.
  await app.lock()
  await app.press('forgot')
  await app.chooseIn('choose-file', join(dirname(app.vaultFile), kept))
  await app.find('file-here-other_vault')
  await app.fill('password', PASSWORD)
  assert.ok(!(await (await app.find('take-over')).isEnabled()), 'not without the tick')
  await app.press('file-aside')
  await app.press('take-over')
  await listed(app, 1)
  const others = vaultsBeside(app).filter((name) => name !== kept && name !== 'vault.warifu')
  assert.deepEqual(others.map((name) => readFileSync(join(dirname(app.vaultFile), name))), [anew], 'the new one is kept, too')
  const again = await App.restart(world)
  await again.unlock()
  await listed(again, 1)
})
