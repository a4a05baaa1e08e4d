import type { CameraLookView, CameraView, ReadingView } from '../ipc/bindings';
import type { Client } from '../ipc/client';

/** The camera from its start until a code was found or the person left. It is always stopped. */
export class Camera {
  view = $state.raw<CameraView | null>(null);
  /** What it sees was read before. */
  known = $state(false);
  #client: Client;
  #draw: (pixels: ArrayBuffer, size: CameraLookView) => void;
  #left = false;

  /** `draw` shows a frame. */
  constructor(client: Client, draw: (pixels: ArrayBuffer, size: CameraLookView) => void) {
    this.#client = client;
    this.#draw = draw;
  }

  /** Looks until something is found; null where the person left before. */
  async run(): Promise<ReadingView | null> {
    try {
      const view = await this.#client.cameraStart();
      if (this.#left) return null;
      this.view = view;
      for (;;) {
        const look = await this.#client.cameraLook();
        if (this.#left) return null;
        if (look.reading) return look.reading;
        this.known = look.known;
        if (look.known) continue;
        const pixels = await this.#client.cameraPreview();
        if (this.#left) return null;
        this.#draw(pixels, look);
      }
    } catch (thrown) {
      // Stopped under its feet: whoever left wants no word of it.
      if (this.#left) return null;
      throw thrown;
    } finally {
      this.view = null;
      // Also where the person left while it was starting: it may have started after it was stopped.
      this.#stop();
    }
  }

  leave(): void {
    this.#left = true;
    this.#stop();
  }

  #stop(): void {
    // Locked meanwhile, Rust has stopped it by itself.
    this.#client.cameraStop().catch(() => {});
  }
}
