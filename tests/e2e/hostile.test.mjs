// Names that would like to be more than text.
import assert from 'node:assert/strict'
import { hostileNames } from './harness/hostile.mjs'
import { journey } from './harness/journey.mjs'
import { until } from './harness/poll.mjs'

/** Each account has a key of its own. */
const keyOf = (i) => `JBSWY3DPEHPK3PXPJBSWY3DP${String(i).padStart(8, '0').replaceAll(/\d/g, (digit) => 'ABCDEFGHIJ'[digit])}`
const lineOf = (i, name) => `otpauth://totp/${encodeURIComponent(name)}:hanako?secret=${keyOf(i)}&issuer=${encodeURIComponent(name)}`

/** Run inside the page: each card as the tags it is made of, without its words. */
const CARDS = `
  const bare = (element) => element.tagName + '(' + [...element.children].map(bare).join() + ')'
  return [...document.querySelectorAll('[data-testid="entry-copy"]')].map((button) => bare(button.closest('li')))`

/** Run inside the page: what must be the same whatever the names are. */
const CENSUS = `
  const count = (selector) => document.querySelectorAll(selector).length
  return {
    scripts: count('script'), frames: count('iframe, frame, object, embed'), media: count('img, video, audio, picture'),
    links: count('a[href], form[action], base, meta[http-equiv]'), styles: count('style, link'),
    struck: String(window.struck), title: document.title, address: location.href,
  }`

journey('hostile_names_stay_text', { portal: false }, async ({ app, t }) => {
  await app.createVault()
  for (const [i, issuer] of ['Harmless', undefined].entries()) {
    await app.typeKey({ text: keyOf(i), issuer, account: 'hanako' })
    await app.confirm()
  }
  // A card with a site's name, and one without: for a name of which nothing is left.
  const harmless = new Set(await app.driver.executeScript(CARDS))
  const census = await app.driver.executeScript(CENSUS)
  const names = hostileNames()
  assert.ok(names.length >= 300)

  let kept = 0
  for (const [i, name] of names.entries()) {
    // A sample of every kind goes through the form and the confirmation; the others through the same two commands.
    const added = i % 30 === 0 ? await throughTheForm(app, lineOf(i + 2, name), census) : await byCommand(app, lineOf(i + 2, name))
    if (added) kept += 1
  }
  await app.driver.navigate().refresh()
  await until('the whole list', async () => (await app.count('entry-copy')) === kept + 2)
  for (const card of await app.driver.executeScript(CARDS)) assert.ok(harmless.has(card), card)
  assert.deepEqual(await app.driver.executeScript(CENSUS), census)
  assert.ok(kept > 250)
  t.diagnostic(`${names.length} hostile names: ${kept} kept as text, ${names.length - kept} refused`)
})

async function throughTheForm(app, line, census) {
  await app.goToAdd()
  await app.press('way-key')
  await app.fill('key-text', line)
  await app.press('key-next')
  const refused = await until('an answer', async () => ((await app.shows('error-message')) && 'refused') || ((await app.shows('screen-confirm')) && 'read'))
  assert.deepEqual(await app.driver.executeScript(CENSUS), census)
  if (refused === 'read') await app.confirm()
  else await app.back()
  return refused === 'read'
}

async function byCommand(app, text) {
  const reading = await app.invoke('propose_key', {
    request: { text, issuer: '', account: '', kind: 'totp', algorithm: 'SHA1', digits: 6, period: 30, counter: '0' },
  })
  const candidate = reading.candidates?.[0]
  if (!candidate) return false
  const request = { candidate: candidate.id, issuer: candidate.issuer ?? '', account: candidate.account, even_if_present: false, replaces: null }
  return (await app.invoke('add_candidates', { requests: [request] })).error === undefined
}
