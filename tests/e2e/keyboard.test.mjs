// The whole way by keyboard: the mouse is not touched once.
import assert from 'node:assert/strict'
import { PASSWORD } from './harness/app.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'

/** More presses than any page has stops. */
const MOST_TABS = 60

journey('keyboard_alone_ends_logged_in', {}, async ({ app, desktop, browser, portal, t }) => {
  const tabTo = async (id) => {
    for (let i = 0; i < MOST_TABS; i += 1) {
      if ((await app.inFocus()) === id) return
      await desktop.key('Tab')
    }
    throw new Error(`Tab never came to [${id}]`)
  }
  const typeInto = async (id, text) => {
    await tabTo(id)
    await desktop.key('ctrl+a')
    await desktop.type(text)
    await until(`what was typed in [${id}]`, async () => (await app.value(id)) === text)
  }
  const pressByKey = async (id, key = 'Return') => {
    await tabTo(id)
    await desktop.key(key)
  }

  await portal.walkToSetup('mode=manual')
  const key = await browser.text('key')

  await app.find('screen-first-start')
  await desktop.activate(app.window)
  await typeInto('password', PASSWORD)
  await typeInto('password-again', PASSWORD)
  await until('the button enabled', async () => (await app.find('create')).isEnabled())
  await pressByKey('create')
  await app.find('screen-recovery-shown')
  const groups = await app.texts('recovery-group')
  await pressByKey('recovery-next')
  await app.find('screen-recovery-type-back')
  for (const [index, group] of groups.entries()) {
    const field = `recovery-group-${index + 1}`
    if (await app.shows(field)) await typeInto(field, group)
  }
  await pressByKey('recovery-confirm')
  await app.find('screen-recovery-done')
  await pressByKey('recovery-finish')
  await until('the open vault', async () => (await app.shows('screen-add')) || app.shows('screen-list'))
  if (await app.shows('screen-list')) {
    await desktop.key('ctrl+n')
    await app.find('screen-add')
  }
  await pressByKey('way-key')
  await app.find('screen-key')
  await typeInto('key-text', key)
  await typeInto('key-issuer', 'Midori Kenpo')
  await typeInto('key-account', portal.user)
  await pressByKey('key-next')
  await app.find('screen-confirm')
  await pressByKey('confirm-add')
  await app.find('screen-list')
  await until('the new entry in focus', async () => (await app.inFocus()) === 'entry-copy')
  await desktop.key('Return')
  const copied = await until('the code on the clipboard', () => desktop.clipboard())
  assert.match(copied, /^[0-9]{6}$/)
  await portal.paste()
  assert.equal(await portal.loggedIn(), portal.user)

  await desktop.activate(app.window)
  await desktop.key('ctrl+l')
  await app.find('screen-locked')
  await until('the password in focus', async () => (await app.inFocus()) === 'password')
  await desktop.type(PASSWORD)
  await desktop.key('Return')
  await app.find('screen-list')
  t.diagnostic('no mouse in the app')
})
