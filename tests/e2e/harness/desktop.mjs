// A screen, a window manager and a bus of one's own, with a real mouse, keyboard and clipboard.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { until } from './poll.mjs'
import { end, line, start } from './processes.mjs'
import { arrange, graphicsCard, oneScreen } from './screens.mjs'

export { SCREEN } from './screens.mjs'

const run = promisify(execFile)
const PICTURES = fileURLToPath(new URL('../../../target/e2e/', import.meta.url))

export class Desktop {
  #programs = []
  /** Keys of accounts that this journey uses and nobody else does. They may be in no file but the vault. */
  secrets = new Set()
  /** Keys that anyone may use: they may not be in the journey's own folder. */
  typed = new Set()
  /** Files the journey itself put there. */
  ours = new Set()

  /**
   * Starts the screen. `env` is added to what the programs on it see; with `monitors` (see `arrange`) there are
   * several.
   */
  static async start({ env = {}, monitors } = {}) {
    const desktop = new this()
    try {
      desktop.began = Date.now()
      desktop.home = mkdtempSync(join(tmpdir(), 'warifu-e2e-'))
      await desktop.begin(env, monitors)
      return desktop
    } catch (error) {
      await desktop.stop()
      throw error
    }
  }

  /**
   * A session bus on which no desktop portal is started: nobody here needs one, it mounts a folder of its own in ours, and it has the
   * keyring started before a journey starts its own.
   */
  #busWithoutPortals() {
    const services = join(this.home, 'bus-services')
    mkdirSync(services)
    const all = '/usr/share/dbus-1/services'
    for (const name of readdirSync(all)) if (!name.includes('portal')) copyFileSync(join(all, name), join(services, name))
    const config = join(this.home, 'bus.conf')
    writeFileSync(config, `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <servicedir>${services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`)
    return config
  }

  /** Brings up the screen, the bus and who manages the windows. */
  async begin(env, monitors) {
    const display = await (monitors ? graphicsCard(this) : oneScreen(this))
    this.env = { ...this.ownWorld(), DISPLAY: `:${display}`, GDK_BACKEND: 'x11', ...env }
    if (monitors) await arrange(this, monitors)
    const bus = this.launch('dbus-daemon', ['--config-file', this.#busWithoutPortals(), '--nofork', '--print-address'])
    const [, address] = await line(bus, /(unix:\S+)\n/)
    this.env.DBUS_SESSION_BUS_ADDRESS = address
    let manager = this.launch('openbox', [])
    await until('the window manager', () => {
      // One that came before the screen was ready has ended.
      if (manager.exitCode !== null) manager = this.launch('openbox', [])
      return this.run('xdotool', ['get_num_desktops'])
    })
  }

  /** What programs see. Nothing of the person who runs the tests is inherited but the path to programs. */
  ownWorld() {
    const at = (name) => {
      const path = join(this.home, name)
      mkdirSync(path, { recursive: true, mode: 0o700 })
      return path
    }
    return {
      PATH: process.env.PATH,
      HOME: at('home'),
      XDG_CONFIG_HOME: at('home/.config'),
      XDG_DATA_HOME: at('home/.local/share'),
      XDG_STATE_HOME: at('home/.local/state'),
      XDG_CACHE_HOME: at('home/.cache'),
      XDG_RUNTIME_DIR: at('run'),
      TMPDIR: at('tmp'),
      LANG: 'ja_JP.UTF-8',
      GTK_USE_PORTAL: '0',
      NO_AT_BRIDGE: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
    }
  }

  /** Starts a program on this desktop; it ends with the desktop at the latest. */
  launch(command, args, options = {}) {
    const child = start(command, args, { env: this.env, ...options })
    this.#programs.push(child)
    return child
  }

  /** Where the programs of this desktop find a program. */
  reachable(program) {
    return program
  }

  /** Notes that the journey itself writes this file, whatever is in it. */
  own(path) {
    this.ours.add(path)
    return path
  }

  /** Ends one program before the desktop does. */
  async end(child) {
    this.#programs = this.#programs.filter((other) => other !== child)
    await end(child)
  }

  /** Runs a command to its end and returns what it printed. */
  async run(command, args, { input, ...options } = {}) {
    // A locale that is surely there: in one that is not, xdotool reads no Japanese title.
    const running = run(command, args, { env: { ...this.env, LC_ALL: 'C.UTF-8' }, maxBuffer: 64 << 20, ...options })
    if (input !== undefined) running.child.stdin.end(input)
    return (await running).stdout
  }

  async stop() {
    for (const program of this.#programs.reverse()) await end(program)
    this.#programs = []
    // Where a portal has mounted its documents, removing the folder would wait for it for ever.
    if (this.home) await run('fusermount3', ['-u', '-z', join(this.home, 'run', 'doc')]).catch(() => {})
    if (this.home) rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }

  xdotool(...args) {
    return this.run('xdotool', args.map(String))
  }

  /** Puts a window at its place, and gives it a size if one is named. */
  async put(window, { x, y, width, height }) {
    if (width) await this.xdotool('windowsize', '--sync', window, width, height)
    await this.xdotool('windowmove', window, x, y)
  }

  async click(x, y) {
    await this.xdotool('mousemove', '--sync', Math.round(x), Math.round(y), 'click', 1)
  }

  /** Presses at one point and lets go at another, in steps, as a hand does. */
  async drag(from, to) {
    await this.xdotool('mousemove', '--sync', Math.round(from.x), Math.round(from.y), 'mousedown', 1)
    for (let i = 1; i <= 8; i += 1) {
      const at = (a, b) => Math.round(a + ((b - a) * i) / 8)
      await this.xdotool('mousemove', '--sync', at(from.x, to.x), at(from.y, to.y))
    }
    await this.xdotool('mouseup', 1)
  }

  /** The middle of a window on the screen. */
  async middle(window) {
    const shell = await this.xdotool('getwindowgeometry', '--shell', window)
    const [x, y, width, height] = ['X', 'Y', 'WIDTH', 'HEIGHT'].map((name) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(shell)[1]))
    return { x: x + width / 2, y: y + height / 2 }
  }

  /** Drags something from one window into another and drops it there. The two programs talk about it on the way: slowly. */
  async carry(from, to) {
    const steps = Array.from({ length: 24 }, (_, i) => (i + 1) / 24)
    const at = (a, b, share) => String(Math.round(a + (b - a) * share))
    const moves = steps.flatMap((share) => ['mousemove', '--sync', at(from.x, to.x, share), at(from.y, to.y, share), 'sleep', '0.06'])
    await this.xdotool('mousemove', '--sync', Math.round(from.x), Math.round(from.y), 'sleep', '0.3', 'mousedown', 1, 'sleep', '0.3', ...moves)
    await this.xdotool('mousemove_relative', '--sync', 3, 3, 'sleep', '0.5', 'mouseup', 1)
  }

  async key(...keys) {
    await this.xdotool('key', '--clearmodifiers', ...keys)
  }

  async type(text) {
    await this.xdotool('type', '--clearmodifiers', '--delay', '15', '--', text)
  }

  /** Visible windows whose title matches, as X ids. Asked one by one: xdotool's own search by title misses Japanese ones. */
  async windows(title) {
    const out = await this.xdotool('search', '--onlyvisible', '--class', '.').catch(() => '')
    const found = []
    for (const window of out.split('\n').filter(Boolean)) {
      const name = await this.xdotool('getwindowname', window).catch(() => '')
      if (title.test(name)) found.push(window)
    }
    return found
  }

  /** The one visible window of that title, once there is one. */
  async window(title) {
    return until(`a window titled ${title}`, async () => (await this.windows(title))[0])
  }

  async activate(window) {
    await until('the window in front', async () => {
      await this.xdotool('windowactivate', '--sync', window)
      return (await this.xdotool('getactivewindow')).trim() === window
    })
  }

  /** What is on the real clipboard now; empty when nothing is. */
  async clipboard() {
    return this.run('xclip', ['-selection', 'clipboard', '-o'], { timeout: 5000 }).catch(() => '')
  }

  /** What the selection of the middle mouse button holds. */
  async primary() {
    return this.run('xclip', ['-selection', 'primary', '-o'], { timeout: 5000 }).catch(() => '')
  }

  /** Where a window is on the desktop, without the frame the window manager put around it. */
  async geometry(window) {
    // xdotool counts the frame twice.
    const said = await this.run('xwininfo', ['-id', window])
    const number = (name) => Number(new RegExp(`${name}: +(-?\\d+)$`, 'm').exec(said)[1])
    return { x: number('Absolute upper-left X'), y: number('Absolute upper-left Y'), width: number('Width'), height: number('Height') }
  }

  /** The whole desktop as it is now: its size, and the colour of each point as `[red, green, blue]`. */
  async pixels() {
    const bytes = await this.run('import', ['-window', 'root', '-depth', '8', 'ppm:-'], { encoding: 'buffer' })
    const [header, width, height] = /^P6\n(\d+) (\d+)\n255\n/.exec(bytes.subarray(0, 40).toString('latin1'))
    const at = (x, y) => {
      const start = header.length + 3 * (Math.round(y) * width + Math.round(x))
      return [...bytes.subarray(start, start + 3)]
    }
    return { width: Number(width), height: Number(height), at }
  }

  /** Brightness, 0 to 255, of one point of the screen. */
  async brightness(x, y) {
    const at = `1x1+${Math.round(x)}+${Math.round(y)}`
    const grey = await this.run('import', ['-window', 'root', '-crop', at, '-depth', '8', 'gray:-'], { encoding: 'buffer' })
    return grey[0]
  }

  /** Keeps a picture of the whole screen for whoever looks into a failure. Not of secrets: the users are made up. */
  async picture(name) {
    mkdirSync(PICTURES, { recursive: true })
    const file = join(PICTURES, `${name.replaceAll(/[^\w-]+/g, '_')}.png`)
    await this.run('import', ['-window', 'root', file])
    return file
  }
}
