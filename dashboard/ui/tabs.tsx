import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
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
  /** The row reaches from side to side, and what is shown has the rest of the page and scrolls by itself. */
  readonly isWholePage?: boolean;
  /** What the chosen one shows. */
  readonly children: ReactNode;
}

/** Parts of a page, one at a time; which one is in the address, so a link opens it. */
export function Tabs<Name extends string>({
  label,
  tabs,
  chosen,
  onChoose,
  isWholePage = false,
  children,
}: Props<Name>) {
  return (
    <Base.Root
      className={classes(isWholePage && styles.whole)}
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
