// A Wayland desktop without a screen: sway, the real portals with their permission store, and a mouse and keyboard of Wayland's own.
//
// Sway does not run as root. Tests that do hand everything on this desktop to `nobody`, who is on every Linux: no user is made for it, and
// none has to be removed.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, lchownSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROGRAM } from './app.mjs'
import { Desktop, SCREEN } from './desktop.mjs'
import { until } from './poll.mjs'
import { family, line } from './processes.mjs'

/** `cargo build --examples` makes it beside the app. */
const POINTER = join(dirname(PROGRAM), 'examples', 'pointer')
const PICTURES = fileURLToPath(new URL('../../../target/e2e/', import.meta.url))
const STORE = 'org.freedesktop.impl.portal.PermissionStore'

export class Sway extends Desktop {
  #user = process.getuid() === 0 ? nobody() : null
  #mouse
  #bus

  /**
   * @param {{ monitors?: string[], services?: boolean, programs?: boolean }} options `monitors` are their settings in sway's words; `services: false` is a desktop without portals; with `programs: false` the
   * portals find no other programs, above all not grim, which makes their pictures.
   */
  async begin({ monitors = [`resolution ${SCREEN.width}x${SCREEN.height} position 0 0`], services = true, programs = true } = {}) {
    this.env = {
      ...this.ownWorld(),
      XDG_CURRENT_DESKTOP: 'sway',
      XDG_SESSION_TYPE: 'wayland',
      GDK_BACKEND: 'wayland',
      SWAYSOCK: join(this.home, 'run', 'sway.sock'),
      LIBSEAT_BACKEND: 'noop',
      WLR_BACKENDS: 'headless',
      WLR_HEADLESS_OUTPUTS: String(monitors.length),
      WLR_LIBINPUT_NO_DEVICES: '1',
      WLR_RENDERER: 'pixman',
    }
    const config = join(this.home, 'sway.conf')
    const outputs = monitors.map((settings, index) => `output HEADLESS-${index + 1} ${settings}\n`)
    writeFileSync(config, `${outputs.join('')}default_border none\nxwayland disable\n`)
    const bus = join(this.home, 'bus.conf')
    writeFileSync(bus, busConfig(services))
    this.#give(this.home)
    this.launch('sway', ['-c', config])
    this.env.WAYLAND_DISPLAY = await until('sway', () => readdirSync(this.env.XDG_RUNTIME_DIR).find((name) => /^wayland-\d+$/.test(name)))
    await until('sway’s answer', () => this.sway('-t', 'get_version'))
    const path = programs ? this.env.PATH : this.env.TMPDIR
    const withPath = ['-c', 'daemon=$(command -v dbus-daemon); PATH=$1; shift; exec "$daemon" "$@"', 'sh', path]
    this.#bus = this.launch('sh', [...withPath, '--config-file', bus, '--nofork', '--print-address'])
    const [, address] = await line(this.#bus, /(unix:\S+)\n/)
    this.env.DBUS_SESSION_BUS_ADDRESS = address
    // The portal's part for sway hands over pictures only where it could hand over films too.
    this.launch('pipewire', [])
    await until('pipewire', () => statSync(join(this.env.XDG_RUNTIME_DIR, 'pipewire-0')))
    if (services) await this.#startPortals()
    await this.#plugMouse()
    // A keyboard that comes and goes with each key is gone before a program has heard of it: one that waits makes them listen.
    this.launch('wtype', ['-s', '86400000', '-k', 'Escape'])
    await until('a keyboard', async () => JSON.parse(await this.sway('-t', 'get_inputs')).some(({ type }) => type === 'keyboard'))
  }

  /** In the order in which they lean on one another. Started by whoever asks first, all at once, they now and then wait 25 s for each other. */
  async #startPortals() {
    await this.permit('yes')
    for (const name of ['impl.portal.desktop.wlr', 'impl.portal.desktop.gtk', 'portal.Desktop']) {
      const bus = ['--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus']
      await this.run('gdbus', ['call', '--session', ...bus, '--method', 'org.freedesktop.DBus.StartServiceByName', `org.freedesktop.${name}`, '0'])
    }
  }

  /** What the person told the desktop about pictures of the screen: `yes` or `no`. Older portals of sway's ask nobody and heed nothing. */
  async permit(answer) {
    const call = ['call', '--session', '--dest', STORE, '--object-path', '/org/freedesktop/impl/portal/PermissionStore']
    await this.run('gdbus', [...call, '--method', `${STORE}.SetPermission`, 'screenshot', 'true', 'screenshot', '', `['${answer}']`])
  }

  launch(command, args, options) {
    const [first, ...rest] = this.#as([command, ...args])
    return super.launch(first, rest, options)
  }

  async run(command, args, options) {
    const [first, ...rest] = this.#as([command, ...args])
    return super.run(first, rest, options)
  }

  #as(command) {
    if (!this.#user) return command
    const { uid, gid } = this.#user
    return ['setpriv', '--reuid', uid, '--regid', gid, '--clear-groups', '--no-new-privs', ...command]
  }

  /** Gives everything below a path to whoever the desktop belongs to. */
  #give(path) {
    if (!this.#user) return
    lchownSync(path, Number(this.#user.uid), Number(this.#user.gid))
    if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) this.#give(join(path, name))
  }

  /** Programs in a home that is closed to others are copied. */
  reachable(program) {
    if (!this.#user) return program
    try {
      const [first, ...rest] = this.#as(['test', '-x', program])
      execFileSync(first, rest, { stdio: 'ignore' })
      return program
    } catch {
      const folder = join(this.home, 'bin')
      mkdirSync(folder, { recursive: true })
      const copy = join(folder, basename(program))
      copyFileSync(program, copy)
      chmodSync(copy, 0o755)
      this.#give(folder)
      return copy
    }
  }

  sway(...args) {
    return this.run('swaymsg', args)
  }

  async #plugMouse() {
    this.#mouse = this.launch(this.reachable(POINTER), [], { stdio: ['pipe', 'pipe', 'pipe'] })
    await line(this.#mouse, /done\n/)
  }

  async #point(words) {
    const done = new Promise((resolve) => this.#mouse.stdout.once('data', resolve))
    this.#mouse.stdin.write(`${words}\n`)
    await done
  }

  /** The monitors: their names, and where they are in the desktop's own unit. */
  async outputs() {
    return JSON.parse(await this.sway('-t', 'get_outputs')).filter(({ active }) => active)
  }

  async #size() {
    const outputs = await this.outputs()
    const width = Math.max(...outputs.map(({ rect }) => rect.x + rect.width))
    const height = Math.max(...outputs.map(({ rect }) => rect.y + rect.height))
    return { width, height }
  }

  /** Moves the mouse to a place of the desktop, in its own unit. */
  async moveTo(x, y) {
    const { width, height } = await this.#size()
    await this.#point(`move ${Math.round(x)} ${Math.round(y)} ${width} ${height}`)
  }

  async click(x, y) {
    await this.moveTo(x, y)
    await this.#point('down')
    await this.#point('up')
  }

  async drag(from, to) {
    await this.moveTo(from.x, from.y)
    await this.#point('down')
    for (let i = 1; i <= 8; i += 1) await this.moveTo(from.x + ((to.x - from.x) * i) / 8, from.y + ((to.y - from.y) * i) / 8)
    await this.#point('up')
  }

  async key(...keys) {
    for (const key of keys) await this.run('wtype', ['-s', '50', '-k', key, '-s', '50'])
  }

  async type(text) {
    await this.run('wtype', ['--', text])
  }

  async windows(title) {
    return (await this.#all()).filter(({ name }) => title.test(name ?? '')).map(({ id }) => id)
  }

  async geometry(window) {
    return (await this.#all()).find(({ id }) => id === window)?.rect
  }

  async #all() {
    const within = (node) => [...node.nodes, ...node.floating_nodes].flatMap((child) => (child.pid ? [child] : within(child)))
    return within(JSON.parse(await this.sway('-t', 'get_tree')))
  }

  async activate(window) {
    await this.sway(`[con_id=${window}]`, 'focus')
  }

  /** Sway lays windows out by itself. */
  async put() {}

  async pixels() {
    return this.pixelsOf()
  }

  /** What a monitor, or the whole desktop, shows now. */
  async pixelsOf(output) {
    const which = output ? ['-o', output] : []
    const bytes = await this.run('grim', [...which, '-t', 'ppm', '-'], { encoding: 'buffer' })
    const [header, width, height] = /^P6\s(\d+) (\d+)\s255\s/.exec(bytes.subarray(0, 40).toString('latin1'))
    const at = (x, y) => {
      const start = header.length + 3 * (Math.round(y) * width + Math.round(x))
      return [...bytes.subarray(start, start + 3)]
    }
    return { width: Number(width), height: Number(height), at }
  }

  async brightness(x, y) {
    const [pixels, { width }] = [await this.pixels(), await this.#size()]
    const scale = pixels.width / width
    return pixels.at(x * scale, y * scale)[1]
  }

  /** The process that makes the portal's pictures; the portal starts it when it is first asked. */
  async maker() {
    return until('the maker of the pictures', () => this.#service('xdg-desktop-portal-wlr'))
  }

  #service(name) {
    return family(this.#bus.pid).map(([pid]) => pid).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0].endsWith(`/${name}`))
  }

  async picture(name) {
    mkdirSync(PICTURES, { recursive: true })
    const file = join(PICTURES, `${name.replaceAll(/[^\w-]+/g, '_')}.png`)
    writeFileSync(file, await this.run('grim', ['-'], { encoding: 'buffer' }))
    return file
  }
}

function nobody() {
  const id = (what) => execFileSync('id', [what, 'nobody'], { encoding: 'utf8' }).trim()
  return { uid: id('-u'), gid: id('-g') }
}

/** The bus of a session, with or without the services that it starts when they are asked for. */
function busConfig(services) {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  ${services ? '<standard_session_servicedirs/>' : ''}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`
}
