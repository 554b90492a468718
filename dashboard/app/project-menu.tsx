import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown } from 'lucide-react';
import { knownProjects } from '../plane/known-projects.ts';
import { usePlane } from '../plane/plane-context.ts';
import { Menu, MenuItem, MenuNote } from '../ui/menu.tsx';

/** Which project the pages are about, and the way to others. */
export function ProjectMenu() {
  const { address, projectId } = usePlane();
  const navigate = useNavigate();
  const others = knownProjects().filter(({ id }) => id !== projectId);
  return (
    <Menu
      label={`Project ${address}; choose another`}
      trigger={
        <>
          <span>{address}</span>
          <ChevronsUpDown size={15} aria-hidden />
        </>
      }
    >
      <MenuNote>
        <code>{projectId}</code>
      </MenuNote>
      {others.map((other) => (
        <MenuItem
          key={other.id}
          onChoose={() => void navigate({ to: '/t/$project', params: { project: other.address } })}
        >
          {other.address}
        </MenuItem>
      ))}
      <MenuItem onChoose={() => void navigate({ to: '/' })}>All projects</MenuItem>
    </Menu>
  );
}
