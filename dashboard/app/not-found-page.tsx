import { Link } from '@tanstack/react-router';

export function NotFoundPage() {
  return (
    <main>
      <h1>There is no such page</h1>
      <p>
        The address may be of something that is gone. <Link to="/">Your projects</Link>
      </p>
    </main>
  );
}
