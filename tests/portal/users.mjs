// Who may log in here. Everything is in memory and gone when the portal stops.
import { randomBytes, randomInt } from 'node:crypto'
import { base32 } from './qr.mjs'

/** More practice users than this and the oldest goes: the portal must not grow without end. */
const MOST_USERS = 1000

/** The practice users of one portal, by user id. */
export function createUsers({ secretBytes = 20 } = {}) {
  const users = new Map()
  return {
    find: (id) => users.get(id),
    /** A user as the insurer's letter finds them: a provisional password, and nothing set up. */
    generate() {
      const id = unusedId(users)
      const user = {
        id,
        password: `kari-${String(randomInt(1e6)).padStart(6, '0')}`,
        provisional: true,
        birthDate: `19${randomInt(45, 90)}${pad(randomInt(1, 13))}${pad(randomInt(1, 29))}`,
        birthDateSaid: false,
        consented: false,
        mail: null,
        mailToken: null,
        mailConfirmed: false,
        method: null,
        mailCode: null,
        complete: false,
        // The app's key. `lastStep` is the newest time step whose code was used: neither it nor an older one works again.
        key: { secret: base32(randomBytes(secretBytes)), confirmed: false, lastStep: -1 },
      }
      users.set(id, user)
      if (users.size > MOST_USERS) users.delete(users.keys().next().value)
      return user
    },
  }
}

const pad = (number) => String(number).padStart(2, '0')

function unusedId(users) {
  for (;;) {
    const id = String(randomInt(1e7, 1e8))
    if (!users.has(id)) return id
  }
}

/** Whether a new password keeps the portal's rule: 8 or more, each of A-Z, a-z, 0-9 and a sign, half-width throughout. */
export function passwordIsGood(password) {
  const needed = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!-/:-@[-`{-~]/]
  return /^[!-~]{8,}$/.test(password) && needed.every((one) => one.test(password))
}
