// The list in everyday use: renaming, deleting by mistake, sorting, counter-based codes, a picture dropped on it.
import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { App } from './harness/app.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'

const FIXTURES = fileURLToPath(new URL('../fixtures/qr', import.meta.url))
const SITES = [
  { text: 'MFRG GZDF MZTW Q2LK', issuer: 'Aoi Denki', account: 'aoi' },
  { text: 'NBSW Y3DP EB3W 64TM MQ', issuer: 'Midori Kenpo', account: 'midori' },
  { text: 'JBSW Y3DP EHPK 3PXP', issuer: 'Zaimu', account: 'zaimu' },
]

/** The names in the list, from the top. */
async function names(app) {
  return app.driver.executeScript(`return [...document.querySelectorAll('[data-entry] .title')].map((title) => title.textContent)`)
}

async function shows(app, expected) {
  let seen
  await until(`the list ${expected}`, async () => {
    seen = await names(app)
    return JSON.stringify(seen) === JSON.stringify(expected)
  }).catch((error) => {
    throw new Error(`${error.message}; seen: ${seen}`)
  })
}

/** Opens what can be done with the entry at a place of the list. */
async function menu(app, place) {
  await app.driver.executeScript(`document.querySelectorAll('[data-testid="entry-menu"]')[arguments[0]].click()`, place)
  await app.find('entry-sheet')
}

async function fill(app, sites = SITES) {
  await app.createVault()
  for (const site of sites) {
    await app.typeKey(site)
    await app.confirm()
  }
}

journey('a_deleted_account_comes_back_by_undo', { portal: false }, async (world) => {
  await fill(world.app)
  const codes = async () => world.app.driver.executeScript(`return [...document.querySelectorAll('[data-testid="entry-code"]')].map((code) => code.textContent)`)
  await menu(world.app, 1)
  await world.app.press('entry-delete')
  await shows(world.app, ['Aoi Denki', 'Zaimu'])
  await world.app.press('undo')
  await shows(world.app, ['Aoi Denki', 'Midori Kenpo', 'Zaimu'])
  assert.ok((await codes()).every((code) => /^[0-9]{6}$/.test(code)))

  await menu(world.app, 0)
  await world.app.press('entry-delete')
  await shows(world.app, ['Midori Kenpo', 'Zaimu'])
  const app = await App.restart(world)
  await app.unlock()
  await shows(app, ['Midori Kenpo', 'Zaimu'])
})

journey('names_and_order_are_kept', { portal: false }, async (world) => {
  await fill(world.app)
  await menu(world.app, 2)
  await world.app.press('entry-up')
  await shows(world.app, ['Aoi Denki', 'Zaimu', 'Midori Kenpo'])
  await world.app.driver.executeScript(`document.querySelector('dialog[open]')?.close()`)
  await menu(world.app, 0)
  await world.app.press('entry-edit')
  await world.app.fill('edit-issuer', '健保 <b>&amp;</b>')
  await world.app.press('edit-save')
  const expected = ['健保 <b>&amp;</b>', 'Zaimu', 'Midori Kenpo']
  await shows(world.app, expected)
  const app = await App.restart(world)
  await app.unlock()
  await shows(app, expected)
  await app.searchFor('ｚａｉｍｕ')
  await shows(app, ['Zaimu'])
})

journey('a_counter_based_code_steps_and_is_remembered', { portal: false }, async (world) => {
  // RFC 4226, appendix D.
  await world.app.createVault()
  await world.app.typeKey({ text: 'otpauth://hotp/Site:me?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Site&counter=0' })
  await world.app.confirm()
  await world.app.press('entry-copy')
  await until('the first code', async () => (await world.app.text('entry-code')) === '755224')
  const app = await App.restart(world)
  await app.unlock()
  await app.press('entry-copy')
  await until('the second code, never the first again', async () => (await app.text('entry-code')) === '287082')
})

journey('a_dropped_picture_is_read', { portal: false }, async ({ app, desktop }) => {
  await app.createVault()
  const file = desktop.own(join(desktop.home, 'code.png'))
  copyFileSync(join(FIXTURES, 'totp.png'), file)
  desktop.typed.add('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  await app.drop(file)
  await app.confirm()
  await until('the entry', async () => (await app.count('entry-code')) === 1)
})
