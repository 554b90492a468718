import { useSyncExternalStore } from 'react';
import { onSession, type SessionState, sessionState } from './session.ts';

export function useSession(): SessionState {
  return useSyncExternalStore(onSession, sessionState);
}
