// node tests/e2e/pictures.mjs OUT_DIR
//
// Pictures of every screen of the real app, in both languages and both themes: OUT_DIR/<screen>-<language>-<theme>.png
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { App } from './harness/app.mjs'
import { Browser } from './harness/browser.mjs'
import { PaperCamera } from './harness/camera.mjs'
import { codesPicture, exportLines, lineOf } from './harness/saved-codes.mjs'
import { Desktop, SCREEN } from './harness/desktop.mjs'
import { until } from './harness/poll.mjs'
import { Portal } from './harness/portal.mjs'

const [out] = process.argv.slice(2)
if (!out) {
  console.error('pictures: say where to: node tests/e2e/pictures.mjs OUT_DIR')
  process.exit(1)
}
mkdirSync(out, { recursive: true })

const LOCALES = { ja: 'ja_JP.UTF-8', en: 'en_US.UTF-8' }
const VAULT = '/home/hanako/.local/share/warifu/vault.warifu'
/** The master password of every vault of the pictures. */
const PASSWORD = 'correct horse battery staple'
/** What somebody might put down to remember it by. */
const HINTS = { ja: 'いつもの馬の話', en: 'the usual story of the horse' }
/** A picture that cannot be used: its code opens a web page. */
const WEB_LINK = fileURLToPath(new URL('../fixtures/qr/web-link.png', import.meta.url))
/** A backup from another computer. */
const ANOTHER_VAULT = fileURLToPath(new URL('../fixtures/vaults/v1/one_of_each.warifu', import.meta.url))
/** Made-up people at made-up sites. */
const ACCOUNTS = {
  ja: [['あおぞら銀行（練習）', '普通預金 7654321', '6'], ['GitHub', 'hanako-suzuki', '6'], ['電気工事組合', 'hanako@example.jp', '8']],
  en: [['Blue Sky Bank (practice)', 'Savings 7654321', '6'], ['GitHub', 'hanako-suzuki', '6'], ['Electricians’ Union', 'hanako@example.jp', '8']],
}

/** More of them, for several codes at once. */
const SOME = {
  ja: [['やまなみ信用金庫', '定期 0012345'], ['町内会ポータル', 'h.suzuki'], ['ひかり通販', 'hanako@example.jp'], ['図書館', '1029384']],
  en: [['Ridge Credit Union', 'Account 0012345'], ['Neighbours’ Portal', 'h.suzuki'], ['Bright Mail Order', 'hanako@example.jp'], ['Library', '1029384']],
}

let failed = false
/** A part of them, for whoever draws: WARIFU_PICTURES=ja-light */
const only = process.env.WARIFU_PICTURES ?? ''
for (const [language, LANG] of Object.entries(LOCALES)) {
  for (const theme of ['light', 'dark']) if (`${language}-${theme}`.includes(only)) await round(language, theme, LANG)
}
process.exitCode = failed ? 1 : 0

async function round(language, theme, LANG) {
  const desktop = await Desktop.start({ env: { LANG } })
  const world = { desktop }
  try {
    world.browser = await Browser.start(desktop)
    const portal = await Portal.start(desktop, world.browser)
    await portal.walkToSetup()
    world.camera = await PaperCamera.plugIn(desktop)
    world.app = await App.start(desktop)
    await story(world, portal, language, theme)
  } catch (error) {
    failed = true
    console.error(`${language} ${theme}:`, error, await desktop.picture(`pictures ${language} ${theme}`))
  } finally {
    await world.app?.stop()
    await world.browser?.stop()
    await desktop.stop()
  }
}

async function story(world, portal, language, theme) {
  const { desktop, browser } = world
  let { app } = world
  const take = (screen, what = app.window) => picture(desktop, what, join(out, `${screen}-${language}-${theme}.png`))

  await app.find('screen-first-start')
  await app.invoke('set_appearance', { request: { language, theme } })
  await app.driver.navigate().refresh()
  await app.find('screen-first-start')
  await app.fill('password', PASSWORD)
  await app.fill('password-again', PASSWORD)
  await until('the strength', async () => (await app.find('create')).isEnabled())
  await take('first-start')
  await app.driver.executeScript(`document.querySelector('[data-testid="hint-fold"]').open = true`)
  await app.fill('hint-text', HINTS[language])
  await app.press('create')
  const key = await recoveryKey(app, take)

  for (const [i, [issuer, account, digits]] of ACCOUNTS[language].entries()) {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX'.concat('ABC'[i])
    const line = `otpauth://totp/x?secret=${secret}&digits=${digits}`
    const reading = await app.invoke('propose_key', { request: { text: line, issuer: '', account: '', kind: 'totp', algorithm: 'SHA1', digits: 6, period: 30, counter: '0' } })
    await app.invoke('add_candidates', { requests: [{ candidate: reading.candidates[0].id, issuer, account, even_if_present: false, replaces: null }] })
  }
  await app.driver.navigate().refresh()
  await until('the list', async () => (await app.count('entry-code')) === ACCOUNTS[language].length)

  await app.goToAdd()
  await take('add')
  await app.press('way-key')
  await app.fill('key-text', 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq')
  await app.fill('key-issuer', language === 'ja' ? 'みどり健保ポータル' : 'Midori Health Insurance')
  await app.fill('key-account', portal.user)
  await take('key')
  await app.back()

  await app.press('way-camera')
  // Not yet in focus.
  await world.camera.sees(lineOf(desktop, { issuer: 'Paper', account: 'hanako', secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ' }), { blur: 14 })
  await until('the camera on', async () => /Paper Camera/.test(await app.text('camera-state')))
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await take('camera')
  await app.back()

  await browser.driver.manage().window().setRect({ x: 0, y: 0, ...SCREEN })
  const code = await browser.onScreen('qr')
  await app.freezeScreen()
  await desktop.xdotool('mousemove', Math.round(code.x + code.width / 2), Math.round(code.y + code.height / 2))
  await take('overlay', 'root')
  await desktop.click(code.x + code.width / 2, code.y + code.height / 2)
  await app.find('screen-confirm')
  await time(app)
  await take('confirm')
  await app.confirm()
  await time(app)
  await app.press('entry-copy')
  await app.find('toast')
  await until('the halves apart again', async () => (await app.driver.findElements({ css: '.joined' })).length === 0)
  await take('list')
  await until('the toast gone', async () => !(await app.shows('toast')))
  await app.press('entry-menu')
  await app.find('entry-sheet')
  await take('entry')
  await app.driver.executeScript(`document.querySelector('dialog[open]').close()`)

  await app.openPicture(WEB_LINK)
  await app.find('screen-reading-failed')
  await take('failed')
  await app.leaveReading()
  await app.back()

  await severalCodes(app, desktop, take, language)

  const older = readFileSync(app.vaultFile)
  await sameAccount(app, take, language)
  await earlierVersions(app, take)
  await trash(app, take)
  await settings(app, take)
  await app.lock()
  await app.press('show-hint')
  await take('locked')
  const another = join(dirname(app.vaultFile), 'vault-20260919-231500-r117.warifu')
  copyFileSync(ANOTHER_VAULT, another)
  await forgotten(app, take, key, another)

  const file = app.vaultFile
  await app.stop()
  writeFileSync(file, older)
  app = await App.start(desktop)
  world.app = app
  await app.unlock(PASSWORD)
  await app.find('notice-vault_rolled_back')
  await time(app)
  await take('rolled-back')

  await app.stop()
  writeFileSync(file, readFileSync(file).subarray(0, 100))
  app = await App.start(desktop)
  world.app = app
  await app.find('screen-unreadable')
  await app.find('unreadable-backups')
  await homely(app)
  await take('unreadable')
  await app.press('restore-newest')
  await app.find('screen-restore')
  await take('restore-damaged')
}

/** The recovery key that is offered after the first start: its groups. */
async function recoveryKey(app, take) {
  await app.find('screen-recovery-shown')
  await app.find('recovery-groups')
  await take('recovery-shown')
  const groups = await app.driver.executeScript(`return [...document.querySelectorAll('[data-testid="recovery-group"]')].map((group) => group.textContent.trim())`)
  await app.press('recovery-next')
  await app.find('screen-recovery-type-back')
  const asked = await app.driver.executeScript(`return [...document.querySelectorAll('[data-testid^="recovery-group-"]')].map((field) => field.dataset.testid)`)
  for (const field of asked) await app.fill(field, groups[Number(field.split('-').at(-1)) - 1])
  await take('recovery-type-back')
  await app.press('recovery-confirm')
  await app.find('screen-recovery-done')
  await take('recovery-done')
  await app.press('recovery-finish')
  await app.find('screen-list')
  return groups
}

/** Several codes at once, a part of an export, what becomes of the picture, and codes that are of no use. */
async function severalCodes(app, desktop, take, language) {
  const secrets = ['KRUGKIDROVUWG2ZAMJZG653OEBTG66BA', 'KRUGKIDROVUWG2ZAMJZG653OEBTG66BB', 'KRUGKIDROVUWG2ZAMJZG653OEBTG66BC', 'KRUGKIDROVUWG2ZAMJZG653OEBTG66BD']
  const some = SOME[language].map(([issuer, account], i) => ({ issuer, account, secret: secrets[i] }))
  const [issuer, account] = ACCOUNTS[language][1]
  const present = { issuer, account, secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXB' }
  const otherKey = { ...present, secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }

  await app.openPicture(await codesPicture(desktop, 'codes.png', [some[0], present, otherKey, some[1]].map((one) => lineOf(desktop, one))))
  await app.find('screen-checklist')
  await take('checklist')
  await app.press('check-cancel')

  const [first] = exportLines(desktop, [some.slice(0, 2), some.slice(2), [present]])
  await app.openPicture(await codesPicture(desktop, 'export.png', [first]))
  await app.find('exports')
  await take('export')
  await app.press('check-cancel')

  await app.openPicture(fileURLToPath(new URL('../fixtures/qr/no-code.png', import.meta.url)))
  await app.find('screen-reading-failed')
  await take('nothing-found')
  await app.leaveReading()

  await app.openPicture(await codesPicture(desktop, 'damaged.png', [lineOf(desktop, { ...some[2], secret: 'GEZD1NBVGY3TQOJQ' })]))
  await app.press('refusal-form')
  await app.find('key-filled')
  await take('key-filled')
  await app.back()

  await app.openPicture(await codesPicture(desktop, 'screenshot.png', [lineOf(desktop, some[3])]))
  await app.confirm()
  await app.find('pictures')
  await until('the toast gone', async () => !(await app.shows('toast')))
  await time(app)
  await homely(app, desktop.env.HOME, '/home/hanako')
  await take('picture-left')
  await app.press('pictures-delete')
  await app.find('pictures-deleted')
  await app.press('pictures-close')
}

/** A new key for an account that is there. */
async function sameAccount(app, take, language) {
  const [issuer, account] = ACCOUNTS[language][1]
  await app.typeKey({ text: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', issuer, account })
  await app.find('confirm-same-account')
  await time(app)
  await take('same-account')
  await app.confirm()
}

async function earlierVersions(app, take) {
  await app.searchFor('GitHub')
  await app.press('entry-menu')
  await app.press('entry-history')
  await app.find('earlier')
  await take('history')
  await app.back()
  await app.fill('search', '')
}

async function trash(app, take) {
  await app.press('entry-menu')
  await app.press('entry-delete')
  await app.find('toast')
  await app.press('settings')
  await app.press('trash')
  await app.find('trashed')
  await take('trash')
  await app.press('trash-remove')
  await app.find('trash-sheet')
  await take('trash-remove')
  await app.press('trash-keep')
  await app.press('trash-restore')
  await app.find('trash-empty')
  await app.back()
  await app.find('screen-settings')
  await app.back()
}

async function settings(app, take) {
  await app.press('settings')
  await app.find('recovery-key-state')
  await homely(app)
  await take('settings')
  await app.driver.executeScript('scrollTo(0, document.documentElement.scrollHeight)')
  await take('settings-end')
  for (const [row, screen] of [['change-password', 'password'], ['recovery-key', 'recovery-key'], ['quick-unlock', 'quick-unlock'], ['hint', 'hint']]) {
    await app.press(row)
    await app.find(`screen-${screen}`)
    await take(screen)
    await app.back()
    await app.find('screen-settings')
  }
  await app.press('backups')
  await app.find('backup')
  await homely(app)
  await take('backups')
  await app.press('backup')
  await app.find('screen-restore')
  await take('restore')
  await app.back()
  await app.press('drill')
  await app.fill('password', PASSWORD)
  await app.press('drill-open')
  await app.find('screen-drill-done')
  await take('drill')
  await app.press('drill-finish')
  await app.find('screen-backups')
  await app.back()
  await app.find('screen-settings')
  await app.back()
  await app.find('screen-list')
}

/** The way in for somebody who has the sheet with the recovery key, as far as the last press. */
async function forgotten(app, take, groups, other) {
  await app.press('forgot')
  await app.find('screen-recover')
  await app.fill('recovery-text', `${groups.slice(0, 3).join('-')}-${groups[3].slice(0, 2)}`)
  await until('three groups found right', async () => app.driver.executeScript(`return document.querySelector('[data-testid="recovery-progress"]').dataset.right === '3'`))
  await take('recover')
  await app.press('recovery-lost')
  await app.find('screen-forgotten')
  await until('the toast gone', async () => !(await app.shows('toast')))
  await homely(app)
  await take('forgotten')
  await app.press('begin-anew')
  await app.find('screen-begin-anew')
  await homely(app)
  await app.press('anew-understood')
  await take('begin-anew')
  await app.press('anew-cancel')
  await app.find('screen-forgotten')
  await app.chooseIn('choose-file', other)
  await app.find('screen-take-over')
  await app.press('file-aside')
  await take('take-over')
  await app.press('file-cancel')
  await app.find('screen-forgotten')
  await app.press('forgotten-back')
  await app.press('forgot')
  await app.fill('recovery-text', groups.join('-'))
  await app.press('recover-next')
  await app.find('screen-recover-password')
  await take('recover-password')
}

/** The one thing altered on a page: the vault of the pictures is in a folder that was made for them, and nobody's looks like that. */
async function homely(app, from = dirname(app.vaultFile), to = dirname(VAULT)) {
  await app.driver.executeScript(`
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (words.nextNode()) words.currentNode.data = words.currentNode.data.replace(arguments[0], arguments[1])`, from, to)
}

/** Waits for a moment at which the code has a while to live, so that the picture shows the usual. */
async function time(app) {
  await until('time left', async () => {
    const left = await app.driver.executeScript(`return document.querySelector('[data-testid="seconds-left"]')?.textContent`)
    return left === null || Number(left) > 14
  })
}

/** Takes a picture of a window, once it has stopped moving, as a PNG of 256 colours. */
async function picture(desktop, window, file) {
  if (window !== 'root') await desktop.activate(window)
  const shot = async () => {
    await desktop.run('import', ['-window', window, '-strip', '+dither', '-colors', '256', `PNG8:${file}`])
    return readFileSync(file)
  }
  let last = await shot()
  await until('the window at rest', async () => {
    const now = await shot()
    const same = now.equals(last)
    last = now
    return same
  }, 5000).catch(() => {}) // A countdown never rests: the last picture is as good as any.
  console.log(`${file} (${Math.round(statSync(file).size / 1024)} KiB)`)
}
