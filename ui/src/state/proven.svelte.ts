import { untrack } from 'svelte';
import type { CandidateView, CodeView } from '../ipc/bindings';
import type { Warifu } from './warifu.svelte';

/** The code of an account that was read, asked for again whenever it has run out, while `wanted`. Call it in a component. */
export function provenCode(warifu: Warifu, candidate: () => CandidateView, onerror: (thrown: unknown) => void, wanted: () => boolean = () => true): { readonly code: CodeView | null } {
  let code = $state.raw<CodeView | null>(null);

  async function derive(id: string) {
    try {
      const answer = await warifu.client.candidateCode(id);
      if (candidate().id === id) code = answer;
    } catch (thrown) {
      onerror(thrown);
    }
  }

  $effect(() => {
    const { id } = candidate();
    if (!wanted()) return;
    code = null;
    void untrack(() => derive(id));
  });
  // Once a tick, see the list.
  $effect(() => {
    const now = warifu.accounts.clock.wall;
    untrack(() => {
      if (wanted() && code?.valid_until != null && code.valid_until * 1000 <= now) void derive(candidate().id);
    });
  });

  return {
    get code() {
      return code;
    },
  };
}
