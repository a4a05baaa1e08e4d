// Locked, the page holds no code and no name; and what was copied does not stay.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PASSWORD } from './harness/app.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'

const ACCOUNTS = [
  { text: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP', issuer: 'Midori Kenpo', account: 'hanako.suzuki@example.jp' },
  { text: 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ', issuer: 'あおぞら銀行練習', account: '普通預金7654321' },
]

async function fill(app) {
  await app.createVault()
  for (const account of ACCOUNTS) {
    await app.typeKey(account)
    await app.confirm()
  }
}

/** The names, and the codes shown just now. */
async function canaries(app) {
  const codes = await app.driver.executeScript(`return [...document.querySelectorAll('[data-testid="entry-code"]')].map((code) => code.textContent)`)
  assert.equal(codes.length, ACCOUNTS.length)
  return [...codes, ...ACCOUNTS.flatMap(({ issuer, account }) => [issuer, account])]
}

async function assertHoldsNone(app, words) {
  const page = await app.everything()
  for (const word of words) assert.ok(!page.includes(word), `the locked page holds ${word}`)
}

journey('locked_page_holds_no_code_and_no_name', { portal: false }, async (world) => {
  const { app, desktop } = world
  await fill(app)
  await app.press('entry-copy')
  const copied = await until('the code on the clipboard', () => desktop.clipboard())
  await app.fill('search', 'hanako')
  await until('the search done', async () => (await app.count('entry-code')) === 1)
  await app.fill('search', '')
  await until('the whole list', async () => (await app.count('entry-code')) === ACCOUNTS.length)
  const words = [...(await canaries(app)), copied, 'hanako']
  const open = await app.everything()
  for (const { issuer, account } of ACCOUNTS) assert.ok(open.includes(issuer) && open.includes(account), 'the open page does hold them')

  await app.lock()
  await assertHoldsNone(app, words)
  assert.equal(await app.driver.executeScript('return performance.getEntriesByType("navigation")[0].type'), 'reload', 'the page was loaded anew')
  await until('the clipboard cleared by locking', async () => (await desktop.clipboard()) === '')
  await app.unlock()
  assert.equal(await app.count('entry-code'), ACCOUNTS.length)
})

journey('nothing_is_left_on_the_disk', { portal: false }, async (world) => {
  const { app, desktop } = world
  await fill(app)
  await app.press('entry-copy')
  const words = [...(await canaries(app)), PASSWORD, ...ACCOUNTS.flatMap(({ text }) => [text, text.replaceAll(' ', '')])]
  await app.lock()
  const said = app.said
  await app.stop()
  world.app = null
  const files = readdirSync(desktop.home, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  assert.ok(files.some(({ name }) => name === 'vault.warifu'), 'the vault is among the files searched')
  for (const file of files) {
    const bytes = readFileSync(join(file.path, file.name))
    for (const word of words) assert.ok(!bytes.includes(word), `${file.name} holds ${word}`)
  }
  for (const word of words) assert.ok(!said.includes(word), `the output holds ${word}`)
})

journey('copied_code_is_cleared_after_30_seconds', { portal: false }, async ({ app, desktop }) => {
  await fill(app)
  await app.press('entry-copy')
  await until('the code on the clipboard', () => desktop.clipboard())
  const copied = Date.now()
  await until('the clipboard cleared', async () => (await desktop.clipboard()) === '', 90_000)
  // Only a lower bound: a loaded machine may be late, but nothing may be early.
  assert.ok(Date.now() - copied > 25_000, 'not before its time')
})

journey('what_the_person_copied_since_is_left_alone', { portal: false }, async ({ app, desktop }) => {
  await fill(app)
  await app.press('entry-copy')
  await until('the code on the clipboard', () => desktop.clipboard())
  const other = desktop.launch('xclip', ['-selection', 'clipboard', '-i', '-loops', '0', '-quiet'], { stdio: ['pipe', 'ignore', 'ignore'] })
  other.stdin.end('買い物のメモ')
  await until('the memo on the clipboard', async () => (await desktop.clipboard()) === '買い物のメモ')
  await app.lock()
  assert.equal(await desktop.clipboard(), '買い物のメモ')
})

journey('idle_minutes_lock', { portal: false }, async ({ app }) => {
  await fill(app)
  const words = await canaries(app)
  await app.press('settings')
  await app.find('screen-settings')
  await app.chooseLockAfter(1)
  await app.back()
  await app.find('screen-list')
  await until('the lock screen, untouched', () => app.shows('screen-locked'), 150_000)
  await assertHoldsNone(app, words)
})
