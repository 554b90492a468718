import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import styles from './tabs.module.css';

interface Tab<Name extends string> {
  readonly name: Name;
  readonly title: ReactNode;
}

interface Props<Name extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly chosen: Name;
  readonly onChoose: (name: Name) => void;
  /** What the chosen one shows. */
  readonly children: ReactNode;
}

/** Parts of a page, one at a time; which one is in the address, so a link opens it. */
export function Tabs<Name extends string>({ label, tabs, chosen, onChoose, children }: Props<Name>) {
  return (
    <Base.Root
      value={chosen}
      onValueChange={(value) => {
        const tab = tabs.find(({ name }) => name === value);
        if (tab !== undefined) onChoose(tab.name);
      }}
    >
      <Base.List className={styles.list} aria-label={label}>
        {tabs.map(({ name, title }) => (
          <Base.Tab key={name} value={name} className={styles.tab}>
            {title}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={chosen} className={styles.panel}>
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
