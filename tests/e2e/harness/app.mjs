// The built app. Its main window is read and pressed through WebDriver; the frozen screen and the file dialog are not pages
// WebDriver reaches, and are used by mouse and keyboard alone.
import { existsSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Builder, By, Capabilities, Key } from 'selenium-webdriver'
import { freePort, TABS } from './browser.mjs'
import { until } from './poll.mjs'
import { family } from './processes.mjs'
import { CALLS } from './trace.mjs'

export const PROGRAM = process.env.WARIFU_APP ?? fileURLToPath(new URL('../../../target/debug/warifu', import.meta.url))
export const PASSWORD = 'kaki-no-ki to 7 hiki no neko'
/** Where the main window stands if nobody says otherwise: right of the browser. */
const PLACE = { x: 1110, y: 60 }

/** Stands in for a file manager; `cargo test` builds it with the other examples. */
const DRAG_SOURCE = join(dirname(PROGRAM), 'examples', 'drag-source')

/** Texts longer than this are not typed. */
const LONG = 100

/** An overlay nothing is drawn on yet is no brighter than this. */
const EMPTY = 32

const OVERLAY = /^Warifu scan/

export class App {
  #desktop
  #tauriDriver

  /**
   * Starts the program and takes hold of its main window.
   *
   * @param {import('./desktop.mjs').Desktop} desktop
   * @param {{ trace?: string, place?: { x: number, y: number, width?: number, height?: number } }} options `trace` is a file for the network calls of the app and all its
   * children; `place` is where the main window goes.
   */
  static async start(desktop, { trace, place = PLACE } = {}) {
    const app = new App()
    app.#desktop = desktop
    const [port, nativePort] = [await freePort(), await freePort()]
    app.#tauriDriver = desktop.launch(desktop.reachable(tauriDriver()), ['--port', port, '--native-port', nativePort, '--native-driver', nativeDriver()].map(String))
    await until('tauri-driver', () => fetch(`http://127.0.0.1:${port}/status`))
    app.driver = await new Builder()
      .usingServer(`http://127.0.0.1:${port}`)
      .withCapabilities(new Capabilities({ browserName: 'wry', 'tauri:options': { application: trace ? traced(desktop, trace) : desktop.reachable(PROGRAM) } }))
      .build()
    await app.place(place)
    return app
  }

  /** Ends the program and starts it again, as on the next day. */
  static async restart(world) {
    await world.app.stop()
    world.app = await App.start(world.desktop)
    return world.app
  }

  /** Puts the window at its place, so that pictures and clicks are the same each time. */
  async place(place) {
    this.window = await until('the main window', async () => {
      const windows = await this.#desktop.windows(/Warifu/)
      const overlays = await this.#desktop.windows(OVERLAY)
      return windows.find((window) => !overlays.includes(window))
    })
    await this.#desktop.put(this.window, place)
  }

  /** The program's own processes. */
  processes() {
    return family(this.#tauriDriver.pid).filter(([, command]) => /^(warifu|WebKit(Web|Network))/.test(command) && command !== 'WebKitWebDriver')
  }

  /** The program itself. */
  program() {
    return family(this.#tauriDriver.pid).find(([, command]) => command === 'warifu')?.[0]
  }

  /** Processes that the program sent out to ask a portal: they run it by its link in `/proc`. */
  errands() {
    return family(this.#tauriDriver.pid).filter(([, command]) => command === 'exe')
  }

  /** What the program and its driver wrote to their output. */
  get said() {
    return this.#tauriDriver.said
  }

  /** Ends the program and waits until it is gone. */
  async stop() {
    // One that died by itself does not answer, and its driver would wait for it.
    if (this.program()) await this.driver?.quit().catch(() => {})
    await this.#desktop.end(this.#tauriDriver)
  }

  // The page.

  /** Waits for the element of this test id. */
  async find(id) {
    return until(`[${id}] in the app`, () => this.driver.findElement(test(id)))
  }

  async count(id) {
    return (await this.driver.findElements(test(id))).length
  }

  async shows(id) {
    return (await this.count(id)) > 0
  }

  async press(id) {
    await until(`[${id}] to be pressed`, async () => {
      const element = await this.driver.findElement(test(id))
      if (!(await element.isEnabled())) return false
      await element.click().catch((error) => this.#scrollTo(element, error))
      return true
    })
  }

  /** Scrolls as a person does who sees a button half behind the one that sticks to the window's edge; WebKit's driver does not. */
  async #scrollTo(element, error) {
    if (error.name !== 'ElementClickInterceptedError') throw error
    await this.driver.executeScript(`arguments[0].scrollIntoView({ block: 'center' })`, element)
    await element.click()
  }

  async fill(id, text) {
    if (text.length > LONG) return this.#put(id, text)
    await until(`[${id}] to be filled`, async () => {
      const element = await this.driver.findElement(test(id))
      // One call each: WebKit's driver lets go of Ctrl only at the end of a call.
      for (const keys of [Key.chord(Key.CONTROL, 'a'), Key.BACK_SPACE, text]) if (keys !== '') await element.sendKeys(keys)
      return true
    })
  }

  /** Puts a long text into a field at once, as pasting does: key by key it would take minutes. */
  async #put(id, text) {
    const write = `
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(arguments[0]), 'value').set.call(arguments[0], arguments[1])
      arguments[0].dispatchEvent(new InputEvent('input', { bubbles: true }))`
    await this.driver.executeScript(write, await this.find(id), text)
  }

  /** Calls a command as the page does: the answer, or `{ error }`. */
  async invoke(command, args = {}) {
    return this.driver.executeAsyncScript(`
      const done = arguments[arguments.length - 1]
      window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(done, (error) => done({ error }))`, command, args)
  }

  /** Text of the element as it stands in the document, without what CSS adds. */
  async text(id) {
    return until(`the text of [${id}]`, async () => this.driver.executeScript('return arguments[0].textContent.trim()', await this.driver.findElement(test(id))))
  }

  /** Texts of all elements of a test id, in their order. */
  async texts(id) {
    await this.find(id)
    return this.driver.executeScript(`return [...document.querySelectorAll('[data-testid="${id}"]')].map((element) => element.textContent.trim())`)
  }

  async value(id) {
    return this.driver.executeScript('return arguments[0].value', await this.find(id))
  }

  /** Everything the page holds: the document with its attributes, and what stands in its fields. */
  async everything() {
    return this.driver.executeScript(`
      const fields = [...document.querySelectorAll('input, textarea')].map((field) => field.value)
      return document.documentElement.outerHTML + fields.join('\\n')`)
  }

  // What a person does.

  /** Makes the vault; the recovery key is then shown. */
  async createVaultAndKey(password = PASSWORD) {
    await this.find('screen-first-start')
    await this.fill('password', password)
    await this.fill('password-again', password)
    await this.press('create')
    await this.find('screen-recovery-shown')
  }

  /** Makes the vault and puts the recovery key off, as someone in a hurry does. */
  async createVault(password = PASSWORD) {
    await this.createVaultAndKey(password)
    await this.press('recovery-later')
    await until('the first page of the open vault', async () => (await this.shows('screen-list')) || this.shows('screen-add'))
  }

  async unlock(password = PASSWORD) {
    await this.find('screen-locked')
    await this.fill('password', password)
    await this.press('unlock')
    await this.find('screen-list')
    await until('the accounts listed', async () => (await this.shows('entry-copy')) || this.shows('empty-list'))
  }

  /** Reads the recovery key that is shown, types back what is asked for, and returns the key. */
  async confirmRecoveryKey() {
    await this.find('screen-recovery-shown')
    const groups = await this.texts('recovery-group')
    await this.press('recovery-next')
    await this.find('screen-recovery-type-back')
    for (const [index, group] of groups.entries()) {
      const field = `recovery-group-${index + 1}`
      if (await this.shows(field)) await this.fill(field, group.toLowerCase())
    }
    await this.press('recovery-confirm')
    await this.find('screen-recovery-done')
    await this.press('recovery-finish')
    return groups.join('-')
  }

  /** Goes to a page of the settings by its row. */
  async goToSettings(row) {
    await this.find('screen-list')
    await this.press('settings')
    await this.find('screen-settings')
    await this.press(row)
  }

  /** Back from a page of the settings to the list. */
  async leaveSettings() {
    await until('the list', async () => {
      if (await this.shows('screen-list')) return true
      await this.press('back')
      return false
    })
  }

  /** What has the focus: what the tests call it, or which element it is. */
  async inFocus() {
    return this.driver.executeScript('return document.activeElement?.dataset?.testid ?? document.activeElement?.tagName')
  }

  async lock() {
    await this.press('lock')
    await this.find('screen-locked')
  }

  /** Goes to the page with the three ways, from wherever it can be reached. */
  async goToAdd() {
    if (await this.shows('screen-add')) return
    await this.press('add')
    await this.find('screen-add')
  }

  /**
   * Presses "scan the screen", without waiting for the driver: it answers once the page is drawn again, and our window is hidden until
   * the scan is over. What goes wrong shows in what does not come.
   */
  pressScan() {
    this.press('way-scan').catch(() => {})
  }

  /**
   * Presses "scan the screen" and waits until the frozen picture is really drawn: over the browser's bright tabs it is darker than they
   * are, and yet not as dark as an empty window.
   */
  async freezeScreen() {
    await this.goToAdd()
    const point = TABS
    const before = await this.#desktop.brightness(point.x, point.y)
    this.pressScan()
    const overlay = await this.#desktop.window(OVERLAY)
    await until('the dimmed picture', async () => {
      const now = await this.#desktop.brightness(point.x, point.y)
      return now < before * 0.9 && now > EMPTY
    })
    return overlay
  }

  /** Presses "open a picture" and gives the path to the dialog. */
  async openPicture(path) {
    await this.goToAdd()
    await this.chooseIn('way-picture', path)
  }

  /** Drags files out of a file manager, or an address or `--text` and some words out of a browser, and drops them on the window. */
  async drop(...paths) {
    const desktop = this.#desktop
    desktop.launch(DRAG_SOURCE, paths)
    const source = await desktop.window(/^drag-source/)
    await desktop.xdotool('windowmove', '--sync', source, 100, 100)
    await desktop.carry(await desktop.middle(source), await desktop.middle(this.window))
  }

  /** Presses what opens a dialog for a file or a folder, and gives it a path. */
  async chooseIn(id, path) {
    const before = await this.#desktop.windows(/./)
    await this.press(id)
    const dialog = await until('the file dialog', async () => (await this.#desktop.windows(/./)).find((window) => !before.includes(window)))
    await this.#desktop.activate(dialog)
    await this.#desktop.key('ctrl+l')
    await this.#desktop.key('ctrl+a')
    await this.#desktop.type(path)
    // Once is enough, and what is pressed too often would reach the page behind. Only a dialog that did not take it is asked again.
    const closed = async () => !(await this.#desktop.windows(/./)).includes(dialog)
    await until('the dialog closed', async () => {
      await this.#desktop.activate(dialog)
      await this.#desktop.key('Return')
      return until('the dialog closed', closed, 4000)
    })
  }

  async typeKey({ text, issuer, account }) {
    await this.goToAdd()
    await this.press('way-key')
    await this.find('screen-key')
    if (/^[A-Z2-7 ]{16,}$/.test(text)) this.#desktop.typed.add(text)
    await this.fill('key-text', text)
    if (issuer !== undefined) await this.fill('key-issuer', issuer)
    if (account !== undefined) await this.fill('key-account', account)
    await this.press('key-next')
  }

  /** Confirms what was read and comes back to the list. */
  async confirm() {
    await this.find('screen-confirm')
    await this.press('confirm-add')
    await this.find('screen-list')
  }

  /** Leaves the page that says why nothing could be read. */
  async leaveReading() {
    await this.press('failed-other')
    await this.find('screen-add')
  }

  async chooseLockAfter(minutes) {
    const choice = By.css(`[data-testid="lock-after"] option[value="${minutes}"]`)
    await (await until('the choice', () => this.driver.findElement(choice))).click()
    await until('the choice kept', async () => (await this.invoke('app_state')).settings.lock_after_minutes === minutes)
  }

  async back() {
    await this.press('back')
  }

  /** Finds the one entry of this name by the search field. */
  async searchFor(name) {
    await this.find('screen-list')
    await this.fill('search', name)
    await until(`the one entry named ${name}`, async () => (await this.count('entry-code')) === 1)
  }

  /** Copies the code of the one entry listed, and returns what the real clipboard then holds. */
  async copy() {
    const shown = await this.text('entry-code')
    await this.press('entry-copy')
    return until('the code on the clipboard', async () => {
      const held = await this.#desktop.clipboard()
      return (held === shown || held === (await this.text('entry-code'))) && held
    })
  }

  /** Where the vault file is. */
  get vaultFile() {
    return join(this.#desktop.env.XDG_DATA_HOME, 'warifu', 'vault.warifu')
  }
}

const test = (id) => By.css(`[data-testid="${id}"]`)

function tauriDriver() {
  const installed = join(homedir(), '.cargo/bin/tauri-driver')
  return process.env.WARIFU_TAURI_DRIVER ?? (existsSync(installed) ? installed : 'tauri-driver')
}

function nativeDriver() {
  return process.env.WARIFU_NATIVE_DRIVER ?? '/usr/bin/WebKitWebDriver'
}

/** A program that starts the app under strace. */
function traced(desktop, file) {
  const script = join(desktop.home, 'traced.sh')
  writeFileSync(script, `#!/bin/sh\nexec strace -f -qq -e ${CALLS} -o '${file}' '${PROGRAM}' "$@"\n`, { mode: 0o755 })
  return script
}
