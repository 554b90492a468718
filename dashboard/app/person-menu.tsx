import { CircleUser, LogOut, Moon, Sun, SunMoon } from 'lucide-react';
import { usePlane } from '../plane/plane-context.ts';
import { sessionState, signOut } from '../sign-in/session.ts';
import { Menu, MenuItem, MenuNote } from '../ui/menu.tsx';
import { Foreign } from '../ui/value.tsx';
import { chooseTheme } from './theme.ts';

/** Who is signed in, as the project knows them. */
export function PersonMenu() {
  const { caller } = usePlane();
  const roles = [...(caller.roles ?? []), ...(caller.approval_roles ?? [])];
  return (
    <Menu label={`Signed in as ${caller.name}`} trigger={<CircleUser size={20} aria-hidden />}>
      <MenuNote>
        <strong>
          <Foreign text={caller.name} />
        </strong>
        <br />
        {roles.join(', ')}
        <br />
        <Foreign text={caller.actor} />
      </MenuNote>
      <MenuItem onChoose={() => chooseTheme('light')}>
        <Sun size={16} aria-hidden /> Light
      </MenuItem>
      <MenuItem onChoose={() => chooseTheme('dark')}>
        <Moon size={16} aria-hidden /> Dark
      </MenuItem>
      <MenuItem onChoose={() => chooseTheme('system')}>
        <SunMoon size={16} aria-hidden /> As the system
      </MenuItem>
      {sessionState().kind === 'open' ? null : (
        <MenuItem onChoose={signOut}>
          <LogOut size={16} aria-hidden /> Sign out
        </MenuItem>
      )}
    </Menu>
  );
}
