// The app without a driver: WebDriver puts all that it types into the app's processes by itself, and its page keeps its process when
// it is locked. Used by keyboard and mouse alone, and known by its clipboard, its file and its windows.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM } from './app.mjs'
import { until } from './poll.mjs'
import { family } from './processes.mjs'

const PLACE = { x: 100, y: 60 }
const CODE = /^[0-9]{6}$/

/** Where the mark on the first page is. */
const MARK = { x: 152, y: 106 }

export class Undriven {
  #desktop
  #child

  static async start(desktop) {
    const app = new Undriven()
    app.#desktop = desktop
    app.#child = desktop.launch(PROGRAM, [])
    app.window = await desktop.window(/Warifu/)
    await desktop.xdotool('windowmove', app.window, PLACE.x, PLACE.y)
    await desktop.activate(app.window)
    return app
  }

  /** `[pid, name]`, cut to 15 characters by the kernel. */
  processes() {
    return family(this.#child.pid)
  }

  /** The process of the main window's page. */
  page() {
    return this.processes().find(([, name]) => name.startsWith('WebKitWeb'))?.[0]
  }

  get said() {
    return this.#child.said
  }

  get vaultFile() {
    return join(this.#desktop.env.XDG_DATA_HOME, 'warifu', 'vault.warifu')
  }

  /** Types a new master password, twice, and leaves the recovery key for later. */
  async create(password) {
    // What is typed before the page is there goes nowhere, and the rest of it astray. Its mark is darker than paper.
    await until('the first page painted', async () => (await this.#desktop.brightness(MARK.x, MARK.y)) < 200)
    await this.#patiently('the new vault', () => existsSync(this.vaultFile), async () => {
      await this.#over(password)
      await this.#desktop.key('Tab', 'Tab')
      await this.#over(password)
      await this.#desktop.key('Return')
    })
    await until('the recovery key shown', async () => (await this.#desktop.brightness(MARK.x, MARK.y)) > 230)
    await this.#desktop.key('Tab', 'Tab', 'Return')
  }

  /** Types a key with a name, and confirms it. */
  async addTyped({ key, issuer, account }) {
    this.#desktop.secrets.add(key)
    await this.#saving('the typed account', async (pause) => {
      await this.#desktop.key('Escape', 'Escape', 'Escape')
      await this.#desktop.key('ctrl+n')
      await pause()
      // From scanning over the picture, pasting and the camera to the key.
      await this.#desktop.key('Tab', 'Tab', 'Tab', 'Tab', 'Return')
      await pause()
      await this.#desktop.type(key)
      await this.#desktop.key('Tab')
      await this.#desktop.type(issuer)
      await this.#desktop.key('Tab')
      await this.#desktop.type(account)
      await this.#desktop.key('Return')
      await pause()
      await this.#confirm()
    })
  }

  /** Scans the screen, takes the code at a place of it, and confirms it. */
  async addScanned(x, y) {
    const overlays = () => this.#desktop.windows(/^Warifu scan/)
    await this.#saving('the scanned account', async (pause) => {
      await this.#desktop.activate(this.window)
      await this.#desktop.key('Escape', 'Escape', 'Escape')
      await this.#desktop.key('ctrl+n')
      await pause()
      await this.#desktop.key('Return')
      await until('the frozen screen', async () => (await overlays()).length > 0, 10_000)
      await until('the code taken', async () => {
        await this.#desktop.click(x, y)
        await pause()
        return (await overlays()).length === 0
      }, 20_000)
      await this.#desktop.activate(this.window)
      await pause()
      await this.#confirm()
    })
  }

  /** Types the password and copies a code, which shows that it was the right one. */
  async unlock(password) {
    await this.#desktop.activate(this.window)
    await this.#patiently('a code, by keyboard alone', () => this.#copied(), async () => {
      await this.#over(password)
      await this.#desktop.key('Return')
    })
  }

  /** Presses the keys that lock, and returns when that was. */
  async lock() {
    const page = this.page()
    await this.#desktop.key('ctrl+l')
    const at = Date.now()
    await until('the page renewed', () => this.page() !== undefined && this.page() !== page)
    return at
  }

  async #copied() {
    await this.#desktop.key('ctrl+c')
    return CODE.test(await this.#desktop.clipboard())
  }

  /** Types over whatever the field holds. */
  async #over(text) {
    await this.#desktop.key('ctrl+a')
    await this.#desktop.type(text)
  }

  async #confirm() {
    await this.#desktop.key('Tab', 'Return')
  }

  async #saving(what, work) {
    const before = readFileSync(this.vaultFile)
    await this.#patiently(what, () => !readFileSync(this.vaultFile).equals(before), work)
  }

  /** Does something whose steps cannot be seen from outside, until its end can; slower each time. */
  async #patiently(what, done, work) {
    let ms = 500
    const pause = () => new Promise((resolve) => setTimeout(resolve, ms))
    await until(what, async () => {
      await work(pause)
      ms *= 2
      return until(what, done, 6000)
    }, 120_000)
  }
}
