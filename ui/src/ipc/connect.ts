import { tauriClient, type Client } from './client';

/** Rust, or the stand-in where the page runs in a plain browser. The production bundle does not contain the stand-in. */
export async function connect(): Promise<Client> {
  if ((import.meta.env.DEV || import.meta.env.MODE === 'fake') && !('__TAURI_INTERNALS__' in window)) {
    const { fakeClient } = await import('./fake');
    return fakeClient(new URLSearchParams(location.search));
  }
  return tauriClient;
}
