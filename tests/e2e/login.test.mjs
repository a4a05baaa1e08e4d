// The main job: from a QR code on the screen to a code that logs in, four ways, and again after closing.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { App } from './harness/app.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'

/** Copies the code of the portal's user, pastes it into the portal, and shows that only digits were on the clipboard. */
async function logInWithCopiedCode({ app, portal }, notThisOne = null) {
  await app.searchFor(portal.user)
  await until('a code not used yet', async () => (await app.text('entry-code')) !== notThisOne)
  const copied = await app.copy()
  assert.match(copied, /^[0-9]{6}$/)
  const pasted = await portal.paste()
  assert.equal(pasted, copied)
  assert.equal(await portal.loggedIn(), portal.user)
  return copied
}

const ways = {
  /** (a) A box dragged around the code on the frozen screen. */
  async drag_a_box({ app, desktop, browser }) {
    const code = await browser.onScreen('qr')
    const outside = { x: code.x - 15, y: code.y - 15 }
    await app.freezeScreen()
    await desktop.drag(outside, { x: code.x + code.width + 15, y: code.y + code.height + 15 })
  },
  /** (b) The outlined code pressed. */
  async press_the_code({ app, desktop, browser }) {
    const code = await browser.onScreen('qr')
    await app.freezeScreen()
    await desktop.click(code.x + code.width / 2, code.y + code.height / 2)
  },
  /** (c) The code saved from the page as a PNG, and opened. */
  async open_the_picture({ app, desktop, browser }) {
    const source = await (await browser.find('qr')).getAttribute('src')
    const file = desktop.own(join(desktop.env.HOME, 'niji gen kodo.png'))
    writeFileSync(file, Buffer.from(source.replace('data:image/png;base64,', ''), 'base64'))
    await app.openPicture(file)
  },
  /** (d) The key typed as the page shows it, spaces and all. */
  async type_the_key({ app, browser, portal }) {
    await browser.press('unable-to-scan')
    const key = await browser.text('key')
    assert.match(key, /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/)
    await app.typeKey({ text: key, issuer: 'みどり健保ポータル', account: portal.user })
  },
}

journey('four_ways_end_logged_in_and_so_does_the_next_day', {}, async (world) => {
  const { desktop, portal } = world
  await world.app.createVault()
  let used
  for (const [name, way] of Object.entries(ways)) {
    await portal.walkToSetup()
    await way(world)
    await world.app.find('screen-confirm')
    assert.equal(await world.app.value('confirm-issuer'), 'みどり健保ポータル', name)
    assert.equal(await world.app.value('confirm-account'), portal.user, name)
    await world.app.confirm()
    used = await logInWithCopiedCode(world)
    world.t.diagnostic(`${name}: logged in`)
    if (name !== 'type_the_key') await portal.logOut()
  }

  // The next day.
  await portal.logOut()
  await App.restart(world)
  await world.app.unlock()
  assert.equal(await world.app.count('entry-code'), 4)
  await portal.logIn()
  await logInWithCopiedCode(world, used)
  assert.equal(await desktop.primary(), '', 'the selection of the middle button was never touched')
})

for (const [look, way] of [['dark', ways.drag_a_box], ['inverted', ways.press_the_code], ['small', ways.press_the_code], ['transparent', ways.open_the_picture]]) {
  journey(`a_${look}_code_ends_logged_in`, {}, async (world) => {
    await world.app.createVault()
    await world.portal.walkToSetup(`qr=${look}`)
    await way(world)
    await world.app.confirm()
    await logInWithCopiedCode(world)
  })
}

journey('broken_clock_is_refused', { portal: { clockOffset: 3600 } }, async (world) => {
  // The same journey with a portal whose clock is an hour off must not end logged in: it shows that the journeys above can fail.
  const { app, portal, browser } = world
  await app.createVault()
  await portal.walkToSetup()
  await ways.type_the_key(world)
  await app.confirm()
  await app.searchFor(portal.user)
  const copied = await app.copy()
  assert.match(copied, /^[0-9]{6}$/)
  assert.equal(await portal.paste(), copied)
  assert.equal(await portal.refusal(), 'wrong')
  assert.equal(new URL(await browser.driver.getCurrentUrl()).pathname, '/otp-setup')
})
