// A real Chromium on the same screen, its page read through WebDriver, its window used by mouse and keyboard.
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Builder, By } from 'selenium-webdriver'
import { Options } from 'selenium-webdriver/chrome.js'
import { literal, until } from './poll.mjs'

/** Where Chromium stands: the left of the screen. The app stands at the right. */
const PLACE = { x: 0, y: 0, width: 1000, height: 980 }
/** A point of its frame that is bright whatever the page is. */
export const TABS = { x: 600, y: 20 }

export class Browser {
  #server
  #desktop

  static async start(desktop) {
    const browser = new Browser()
    browser.#desktop = desktop
    const port = await freePort()
    browser.#server = desktop.launch('chromedriver', [`--port=${port}`, '--allowed-ips=127.0.0.1'])
    const profile = join(desktop.home, 'chromium')
    mkdirSync(profile, { recursive: true })
    const options = new Options()
      .setChromeBinaryPath('/usr/bin/chromium')
      .addArguments('--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--lang=ja', '--no-first-run',
        '--no-default-browser-check', '--disable-background-networking', '--disable-component-update', '--disable-sync',
        '--disable-default-apps', '--disable-extensions', '--password-store=basic', '--disable-features=Translate,OptimizationHints',
        `--user-data-dir=${profile}`, `--window-position=${PLACE.x},${PLACE.y}`, `--window-size=${PLACE.width},${PLACE.height}`)
      .excludeSwitches('enable-automation')
      // Its question whether to keep the password would lie over the QR code.
      .setUserPreferences({ credentials_enable_service: false, 'profile.password_manager_enabled': false })
    await until('chromedriver', () => fetch(`http://127.0.0.1:${port}/status`).then((answer) => answer.ok))
    browser.driver = await new Builder()
      .usingServer(`http://127.0.0.1:${port}`)
      .forBrowser('chrome')
      .setChromeOptions(options)
      .build()
    return browser
  }

  async stop() {
    await this.driver?.quit().catch(() => {})
    await this.#desktop.end(this.#server)
  }

  async open(url) {
    await this.driver.get(url)
  }

  /** Waits for the element with this id and returns it. */
  async find(id) {
    return until(`#${id} in the browser`, () => this.driver.findElement(By.id(id)))
  }

  async text(id) {
    return (await this.find(id)).getText()
  }

  async press(id) {
    await (await this.find(id)).click()
  }

  async fill(id, text) {
    const element = await this.find(id)
    await element.clear()
    await element.sendKeys(text)
  }

  /** Brings the window to the front. */
  async front() {
    const title = await this.driver.getTitle()
    await this.#desktop.activate(await this.#desktop.window(new RegExp(literal(title))))
  }

  /**
   * Where an element is on the screen, in pixels. Measured by moving the real mouse over the page: the page alone does not know how
   * much of its window is frame.
   */
  async onScreen(id) {
    const element = await this.find(id)
    await this.driver.executeScript(`
      arguments[0].scrollIntoView({ block: 'center' })
      window.offset = null
      addEventListener('mousemove', (event) => {
        window.offset = { x: event.screenX - event.clientX, y: event.screenY - event.clientY }
      }, { once: true })`, element)
    const offset = await until('the mouse over the page', async () => {
      const shake = Math.floor(Math.random() * 40)
      await this.#desktop.xdotool('mousemove', '--sync', PLACE.x + 500 + shake, PLACE.y + 500 + shake)
      return this.driver.executeScript('return window.offset')
    })
    const box = await this.driver.executeScript('return arguments[0].getBoundingClientRect().toJSON()', element)
    return { x: box.x + offset.x, y: box.y + offset.y, width: box.width, height: box.height }
  }
}

/** A port of 127.0.0.1 nobody listens on just now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
