// The practice portal as a person meets it in the browser.
import { fileURLToPath } from 'node:url'
import { until } from './poll.mjs'
import { line } from './processes.mjs'

const SERVER = fileURLToPath(new URL('../../portal/server.mjs', import.meta.url))
const PASSWORD = 'Wari-fu2026'

export class Portal {
  #browser
  #desktop

  static async start(desktop, browser, { clockOffset = 0 } = {}) {
    const portal = new Portal()
    portal.#browser = browser
    portal.#desktop = desktop
    const child = desktop.launch(process.execPath, [SERVER, '--clock-offset', String(clockOffset)])
    const [address] = await line(child, /http:\/\/127\.0\.0\.1:\d+\//)
    portal.address = address
    return portal
  }

  /** A new user walks the manual's way, to the page with the QR code. */
  async walkToSetup(query = '') {
    const browser = this.#browser
    await browser.driver.manage().deleteAllCookies()
    await browser.open(this.address)
    this.user = await browser.text('practice-user')
    const birthDate = await browser.text('practice-birth-date')
    const password = await browser.text('practice-password')
    await this.#form('/login', { user: this.user, password })
    await this.#form('/birth-date', { 'birth-date': birthDate })
    await this.#form('/terms', {})
    await this.#form('/mail-address', { mail: 'renshu@example.jp' })
    await browser.open(`${this.address}mailbox`)
    await browser.press('confirm-mail')
    await browser.find('mail-confirmed')
    await browser.open(`${this.address}mail-address`)
    await this.#at('/method')
    await browser.press('method-app')
    await this.#form('/method', {})
    await this.#form('/new-password', { 'new-password': PASSWORD, 'new-password-again': PASSWORD })
    await this.#at('/complete')
    await browser.press('logout')
    await this.logIn()
    await this.#at('/otp-setup')
    if (query) await browser.open(`${this.address}otp-setup?${query}`)
    this.#desktop.secrets.add(await this.#key())
  }

  /** The new key, as whoever cannot scan it asks for it; the browser's page stays as it is. */
  async #key() {
    const cookies = await this.#browser.driver.manage().getCookies()
    const headers = { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
    const page = await fetch(`${this.address}otp-setup?mode=manual`, { headers })
    return /id="key">([A-Z2-7 ]+)</.exec(await page.text())[1]
  }

  /** User id and password: the part before the code. */
  async logIn() {
    await this.#form('/login', { user: this.user, password: PASSWORD })
  }

  async logOut() {
    await this.#browser.press('logout')
    await this.#at('/login')
  }

  /**
   * Pastes what is on the real clipboard with the real keyboard and sends it.
   *
   * @returns what was in the field when it was sent.
   */
  async paste() {
    await this.#browser.front()
    const box = await this.#browser.onScreen('otp')
    await this.#desktop.click(box.x + box.width / 2, box.y + box.height / 2)
    await this.#desktop.key('ctrl+v')
    const field = await this.#browser.find('otp')
    const pasted = await until('the pasted code in the field', () => field.getAttribute('value'))
    await this.#desktop.key('Return')
    await until('the answer of the portal', () => field.getAttribute('value').then(() => false, () => true))
    return pasted
  }

  /** Who is logged in, once someone is. */
  async loggedIn() {
    return (await this.#browser.find('logged-in')).getAttribute('data-user')
  }

  /** Why the last code was refused, once one was. */
  async refusal() {
    return (await this.#browser.find('refusal')).getAttribute('data-reason')
  }

  async #form(path, fields) {
    await this.#at(path)
    for (const [id, text] of Object.entries(fields)) await this.#browser.fill(id, text)
    const button = await this.#browser.find('submit')
    await button.click()
    await until(`${path} sent`, () => button.isDisplayed().then(() => false, () => true))
  }

  async #at(path) {
    await until(`the page ${path}`, async () => new URL(await this.#browser.driver.getCurrentUrl()).pathname === path)
  }
}
