// The portal: where a person is on the manual's way, and what each form does there.
import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { judge } from './judge.mjs'
import { pages } from './pages.mjs'
import { createUsers, passwordIsGood } from './users.mjs'

/** No form here is longer; more is not read. */
const MOST_BYTES = 16 * 1024
/** More sessions than this and the oldest goes. */
const MOST_SESSIONS = 1000

const STYLE = readFileSync(new URL('style.css', import.meta.url))
const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

/**
 * A portal that does not listen yet.
 *
 * @param {{ clock?: () => number, secretBytes?: number }} options `clock` gives Unix time in seconds.
 */
export function createPortal({ clock = () => Math.floor(Date.now() / 1000), secretBytes = 20 } = {}) {
  const users = createUsers({ secretBytes })
  const sessions = new Map()
  return createServer((request, response) => {
    answer(request, response, { users, sessions, clock }).catch((error) => {
      console.error(error.message)
      if (!response.headersSent) response.writeHead(error.status ?? 500, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' })
      response.end('エラーが発生しました。\n')
    })
  })
}

async function answer(request, response, portal) {
  const url = new URL(request.url, 'http://127.0.0.1')
  const path = url.pathname
  if (path === '/style.css') return send(response, 200, STYLE, { 'Content-Type': 'text/css' })
  const session = sessionOf(request, response, portal)
  const goOn = () => send(response, 303, '', { Location: place(session) })

  if (request.method === 'POST') {
    const form = new URLSearchParams(await body(request))
    if (path === '/logout') session.account = null
    if (path === '/logout') return goOn()
    if (path === '/practice') session.practice = portal.users.generate()
    if (path === '/practice') return goOn()
    if (!isHere(path, session) || !forms[path]) return goOn()
    const refusal = await forms[path](form, session, portal)
    if (refusal === null) return path === '/mailbox' ? send(response, 303, '', { Location: '/mailbox' }) : goOn()
    return send(response, 422, show(path, { session, query: url.searchParams, refusal }))
  }
  if (request.method !== 'GET') return send(response, 405, '', { Allow: 'GET, POST' })
  if (!isHere(path, session)) return goOn()
  return send(response, 200, show(path, { session, query: url.searchParams }))
}

/** The one page that is next. Every other address leads to it. */
function place({ account, finishing, authenticated }) {
  if (account === null) return '/login'
  if (!account.birthDateSaid) return '/birth-date'
  if (!account.consented) return '/terms'
  if (!account.mailConfirmed) return '/mail-address'
  if (account.method === null) return '/method'
  if (account.provisional) return '/new-password'
  if (finishing) return '/complete'
  if (authenticated) return '/home'
  if (account.method === 'mail') return '/mail-code'
  return account.key.confirmed ? '/otp' : '/otp-setup'
}

const isHere = (path, session) => path === place(session) || (path === '/mailbox' && session.account !== null)

const show = (path, context) => pages[path](context).toString()

/** What each page's form does: null when it went well, or the reason it was refused. */
const forms = {
  '/login': (form, session, { users }) => {
    const user = users.find(form.get('user') ?? '')
    if (!user || user.password !== form.get('password')) return 'login'
    session.account = user
    session.finishing = false
    session.authenticated = false
    if (user.complete && user.method === 'mail') user.mailCode = String(randomInt(1e6)).padStart(6, '0')
    return null
  },
  '/birth-date': (form, { account }) => {
    if (form.get('birth-date') !== account.birthDate) return 'birth-date'
    account.birthDateSaid = true
    return null
  },
  '/terms': (_form, { account }) => {
    account.consented = true
    return null
  },
  '/mail-address': (form, { account }) => {
    const mail = form.get('mail') ?? ''
    if (!/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(mail)) return 'mail'
    account.mail = mail
    account.mailToken = randomBytes(16).toString('hex')
    return null
  },
  '/mailbox': (form, { account }) => {
    if (account.mailToken !== null && form.get('token') === account.mailToken) account.mailConfirmed = true
    return null
  },
  '/method': (form, { account }) => {
    const method = form.get('method')
    if (method !== 'app' && method !== 'mail') return 'method'
    account.method = method
    return null
  },
  '/new-password': (form, session) => {
    const password = form.get('new-password') ?? ''
    if (!passwordIsGood(password)) return 'password-rule'
    if (password !== form.get('new-password-again')) return 'password-differs'
    Object.assign(session.account, { password, provisional: false, complete: true })
    session.finishing = true
    return null
  },
  '/otp-setup': byCode,
  '/otp': byCode,
  '/mail-code': (form, session) => {
    const { account } = session
    const typed = form.get('otp') ?? ''
    if (/\s/u.test(typed)) return 'spaces'
    if (account.mailCode === null || typed !== account.mailCode) return 'wrong'
    account.mailCode = null
    session.authenticated = true
    return null
  },
}

async function byCode(form, session, { clock }) {
  const { key } = session.account
  const verdict = await judge(key, form.get('otp') ?? '', clock())
  if (!verdict.ok) return verdict.reason
  if (verdict.step <= key.lastStep) return 'used' // Used by another window while oathtool was running.
  key.lastStep = verdict.step
  key.confirmed = true
  session.authenticated = true
  return null
}

function sessionOf(request, response, { sessions, users }) {
  const cookie = /(?:^|;\s*)portal=([0-9a-f]{32})(?:;|$)/.exec(request.headers.cookie ?? '')
  const known = cookie && sessions.get(cookie[1])
  if (known) return known
  const id = randomBytes(16).toString('hex')
  const session = { practice: users.generate(), account: null, finishing: false, authenticated: false }
  sessions.set(id, session)
  if (sessions.size > MOST_SESSIONS) sessions.delete(sessions.keys().next().value)
  response.setHeader('Set-Cookie', `portal=${id}; HttpOnly; SameSite=Lax; Path=/`)
  return session
}

async function body(request) {
  const chunks = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > MOST_BYTES) throw Object.assign(new Error('form too long'), { status: 413 })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function send(response, status, content, headers = {}) {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8', ...headers })
  response.end(content)
}
