import { timesIn } from '../format/times-in.ts';
import { Foreign } from './value.tsx';
import { When } from './when.tsx';

/** What the plane says in words. */
export function Told({ text }: { readonly text: string }) {
  let place = 0;
  return timesIn(text).map((piece) => {
    place += 1;
    return 'at' in piece ? <When key={place} at={piece.at} /> : <Foreign key={place} text={piece.text} />;
  });
}
