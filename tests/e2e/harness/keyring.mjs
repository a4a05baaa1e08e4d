// A real keyring on the desktop's own bus: gnome-keyring, opened with a password of its own as a login does.
import { execFile } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from './poll.mjs'

const run = promisify(execFile)
const BUS = ['call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path']

export class Keyring {
  #desktop
  #daemon

  static async start(desktop) {
    const keyring = new Keyring()
    keyring.#desktop = desktop
    await keyring.#start()
    return keyring
  }

  async #start() {
    this.#daemon = this.#desktop.launch('gnome-keyring-daemon', ['--foreground', '--components=secrets', '--unlock'], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#daemon.stdin.end('the keyring of the login')
    await until('the keyring open', async () => (await this.#get('/org/freedesktop/secrets/collection/login', 'org.freedesktop.Secret.Collection', 'Locked')).includes('false'))
  }

  /** How many things it keeps. */
  async items() {
    const answer = await this.#get('/org/freedesktop/secrets/collection/login', 'org.freedesktop.Secret.Collection', 'Items')
    return (answer.match(/\/collection\/login\/\d+/g) ?? []).length
  }

  /** Ends it and throws away all it kept, as a reinstalled system does. */
  async lose() {
    await this.#desktop.end(this.#daemon)
    const folder = join(this.#desktop.env.XDG_DATA_HOME, 'keyrings')
    for (const file of readdirSync(folder)) rmSync(join(folder, file))
    await this.#start()
  }

  async #get(path, of, property) {
    const { stdout } = await run('gdbus', [...BUS, path, '--method', 'org.freedesktop.DBus.Properties.Get', of, property], { env: this.#desktop.env })
    return stdout
  }
}
