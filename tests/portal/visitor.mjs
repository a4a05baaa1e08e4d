// A visitor without a browser: cookies, forms, and what a page says, for the portal's own tests.

export class Visitor {
  constructor(address) {
    this.address = address
    this.cookie = ''
  }

  /** Fetches a page, following redirects, and remembers it. */
  async get(path) {
    return this.#arrive(await this.#fetch(path, {}))
  }

  /** Sends a form. */
  async post(path, form) {
    return this.#arrive(await this.#fetch(path, { method: 'POST', body: new URLSearchParams(form) }))
  }

  async #fetch(path, options) {
    const url = new URL(path, this.address)
    const response = await fetch(url, { ...options, redirect: 'manual', headers: { cookie: this.cookie } })
    const set = response.headers.get('set-cookie')
    if (set) this.cookie = set.split(';')[0]
    this.path = url.pathname
    return response
  }

  async #arrive(response) {
    this.status = response.status
    this.headers = response.headers
    this.page = await response.text()
    if (response.status !== 303) return this
    return this.#arrive(await this.#fetch(response.headers.get('location'), {}))
  }

  /** The text of the element with this id, or null. */
  text(id) {
    const match = new RegExp(`id="${id}"[^>]*>([^<]*)<`).exec(this.page)
    return match && match[1]
  }

  /** Why the last form was refused, or null. */
  get refusal() {
    const match = /id="refusal"[^>]*data-reason="([^"]*)"/.exec(this.page)
    return match && match[1]
  }
}

export const NEW_PASSWORD = 'Wari-fu2026'

/** Walks the manual's way from the letter with the provisional password to the page with the QR code. */
export async function walkToSetup(visitor, { method = 'app' } = {}) {
  await visitor.get('/')
  const user = visitor.text('practice-user')
  const birthDate = visitor.text('practice-birth-date')
  await visitor.post('/login', { user, password: visitor.text('practice-password') })
  await visitor.post('/birth-date', { 'birth-date': birthDate })
  await visitor.post('/terms', {})
  await visitor.post('/mail-address', { mail: 'renshu@example.jp' })
  await visitor.get('/mailbox')
  const token = /name="token" value="([0-9a-f]+)"/.exec(visitor.page)[1]
  await visitor.post('/mailbox', { token })
  await visitor.post('/method', { method })
  await visitor.post('/new-password', { 'new-password': NEW_PASSWORD, 'new-password-again': NEW_PASSWORD })
  await visitor.post('/logout', {})
  await visitor.post('/login', { user, password: NEW_PASSWORD })
  return user
}
