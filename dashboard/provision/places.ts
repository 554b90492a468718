import type { Jurisdiction, Region } from '@countersign/protocol/provisioning/provision-wish';

/** The platform's location hints, as people call them. */
export const regionNames: Readonly<Record<Region, string>> = {
  weur: 'Western Europe',
  eeur: 'Eastern Europe',
  enam: 'Eastern North America',
  wnam: 'Western North America',
  sam: 'South America',
  apac: 'Asia-Pacific',
  oc: 'Oceania',
  me: 'Middle East',
  afr: 'Africa',
};

export const jurisdictionNames: Readonly<Record<Jurisdiction, string>> = {
  eu: 'the European Union',
  fedramp: 'FedRAMP',
};
