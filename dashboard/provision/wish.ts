import type { ProjectWish } from '@countersign/client/account-api';
import { type Provision, provisionSchema } from '@countersign/protocol/provisioning/provision-wish';

/** A wish as it stands in the form. */
export interface WishText {
  readonly label: string;
  /** Empty: wherever it is near. */
  readonly region: string;
  readonly jurisdiction: string;
  readonly hasSource: boolean;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly engine: Provision['sources'][number]['engine'];
}

export const emptyWish: WishText = {
  label: '',
  region: '',
  jurisdiction: '',
  hasSource: true,
  sourceId: 'src_main',
  sourceName: 'Main database',
  engine: 'postgres',
};

/** What is asked for; undefined where the plane would refuse it. */
export function wishIn(text: WishText): ProjectWish | undefined {
  const { engine, hasSource, jurisdiction, label, region, sourceId, sourceName } = text;
  const wish: ProjectWish = {
    label,
    ...(region === '' ? {} : { region }),
    ...(jurisdiction === '' ? {} : { jurisdiction }),
    ...(hasSource ? { sources: [{ source_id: sourceId.trim(), name: sourceName.trim(), engine }] } : {}),
  };
  return provisionSchema.safeParse(wish).success ? wish : undefined;
}
