import { createContext, use } from 'react';
import type { Plane } from './plane.ts';

export const PlaneContext = createContext<Plane | undefined>(undefined);

/** The project that the page is about. */
export function usePlane(): Plane {
  const plane = use(PlaneContext);
  if (plane === undefined) throw new TypeError('this page is about no project');
  return plane;
}

/** Whether the person may ask for this, as far as it does not depend on what it is about; the plane itself decides. */
export function useMay(asked: string): boolean {
  return usePlane().caller.may.includes(asked);
}
