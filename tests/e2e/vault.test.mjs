// What does not open the vault, and what is never done to its file.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { App, PASSWORD } from './harness/app.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'
import { sentence } from './harness/sentences.mjs'

const ACCOUNT = 'hanako@example.jp'

async function makeVault(app) {
  await app.createVault()
  await app.typeKey({ text: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP', issuer: 'Midori', account: ACCOUNT })
  await app.confirm()
}

journey('wrong_password_says_so_and_changes_nothing', { portal: false }, async (world) => {
  await makeVault(world.app)
  const before = readFileSync(world.app.vaultFile)
  await world.app.lock()
  await world.app.fill('password', `${PASSWORD}x`)
  await world.app.press('unlock')
  assert.match(await world.app.text('error-message'), sentence('wrong_password', 'ja'))
  assert.ok(await world.app.shows('screen-locked'))
  assert.deepEqual(readFileSync(world.app.vaultFile), before)
  await world.app.unlock()
  assert.equal(await world.app.count('entry-code'), 1)
})

journey('damaged_vault_is_said_and_left_untouched', { portal: false }, async (world) => {
  await makeVault(world.app)
  const file = world.app.vaultFile
  await world.app.stop()
  const whole = readFileSync(file)
  const flipped = (at) => {
    const bytes = Buffer.from(whole)
    bytes[at] ^= 0x01
    return bytes
  }
  const damages = {
    'cut off in the middle': whole.subarray(0, whole.length >> 1),
    'cut off by one byte': whole.subarray(0, whole.length - 1),
    'empty': Buffer.alloc(0),
    'somebody else’s file': Buffer.from('%PDF-1.7\nこれは保管庫ではありません\n'),
    'one bit flipped at the start': flipped(2),
    'one bit flipped at the end': flipped(whole.length - 2),
  }
  for (const [name, bytes] of Object.entries(damages)) {
    writeFileSync(file, bytes)
    world.app = await App.start(world.desktop)
    const phase = await until('the first page', async () => {
      for (const screen of ['screen-unreadable', 'screen-locked', 'screen-first-start']) if (await world.app.shows(screen)) return screen
      return null
    })
    if (phase === 'screen-locked') {
      // A flipped bit inside the sealed part can be noticed only with the key.
      await world.app.fill('password', PASSWORD)
      await world.app.press('unlock')
    } else {
      assert.equal(phase, 'screen-unreadable', name)
    }
    assert.match(await world.app.text('error-message'), sentence('vault_damaged', 'ja'), name)
    await world.app.stop()
    assert.deepEqual(readFileSync(file), Buffer.from(bytes), `${name}: untouched`)
    world.t.diagnostic(`${name}: ${phase}`)
  }

  writeFileSync(file, whole)
  world.app = await App.start(world.desktop)
  await world.app.unlock()
  assert.equal(await world.app.count('entry-code'), 1)
})
