import { expect, test, vi } from 'vitest';
import type { ReadingView } from '../ipc/bindings';
import type { Client } from '../ipc/client';
import { Camera } from './camera.svelte';

const found: ReadingView = { number: 1, source: 'camera', cancelled: false, candidates: [], refusals: [], exports: [] };
const nothing = { reading: null, known: false, width: 4, height: 3 };
const known = { reading: null, known: true, width: 0, height: 0 };

function client(change: Partial<Client>): Client & { cameraStop: ReturnType<typeof vi.fn> } {
  return {
    cameraStart: async () => ({ name: 'Camera', width: 640, height: 480 }),
    cameraLook: async () => nothing,
    cameraPreview: async () => new ArrayBuffer(48),
    cameraStop: vi.fn(async () => null),
    ...change,
  } as unknown as Client & { cameraStop: ReturnType<typeof vi.fn> };
}

test('frames are shown until one holds a code', async () => {
  const draw = vi.fn();
  let looks = 0;
  const fake = client({ cameraLook: async () => (++looks === 3 ? { ...nothing, reading: found } : nothing) });
  expect(await new Camera(fake, draw).run()).toBe(found);
  expect(draw).toHaveBeenCalledTimes(2);
  expect(fake.cameraStop).toHaveBeenCalled();
});

test('a part that was read before is said and not drawn, until there is another', async () => {
  const draw = vi.fn();
  const told: boolean[] = [];
  const looks = [known, known, nothing, { ...nothing, reading: found }];
  let camera: Camera | undefined;
  const cameraLook = async () => {
    told.push(camera?.known ?? false);
    return looks.shift() ?? nothing;
  };
  camera = new Camera(client({ cameraLook }), draw);
  expect(await camera.run()).toBe(found);
  expect(told).toEqual([false, true, true, false]);
  expect(draw).toHaveBeenCalledTimes(1);
});

test('whoever leaves hears no more of it, and the camera is stopped', async () => {
  let camera: Camera | undefined;
  const draw = vi.fn();
  const fake = client({ cameraLook: async () => (camera?.leave(), nothing) });
  camera = new Camera(fake, draw);
  expect(await camera.run()).toBeNull();
  expect(draw).not.toHaveBeenCalled();
  expect(fake.cameraStop).toHaveBeenCalled();
});

test('left while it was starting, it is stopped once it has started', async () => {
  let start = (_: unknown) => {};
  const fake = client({ cameraStart: () => new Promise((resolve) => (start = resolve as typeof start)) });
  const camera = new Camera(fake, () => {});
  const run = camera.run();
  camera.leave();
  const stops = fake.cameraStop.mock.calls.length;
  start({ name: 'Camera', width: 640, height: 480 });
  expect(await run).toBeNull();
  expect(fake.cameraStop.mock.calls.length).toBeGreaterThan(stops);
});

test('what goes wrong is told, unless nobody is there to be told', async () => {
  const busy = { code: 'unexpected', detail: {} };
  const fake = client({ cameraStart: () => Promise.reject(busy) });
  await expect(new Camera(fake, () => {}).run()).rejects.toBe(busy);
  expect(fake.cameraStop).toHaveBeenCalled();
  const camera: Camera = new Camera(client({ cameraLook: () => (camera.leave(), Promise.reject(busy)) }), () => {});
  expect(await camera.run()).toBeNull();
});
