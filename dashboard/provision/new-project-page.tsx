import { createAccountApi, type ProjectWish } from '@countersign/client/account-api';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useIntent } from '../forms/use-intent.ts';
import { connectionTo } from '../plane/plane.ts';
import { readSignInSettings } from '../sign-in/settings.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { Masthead } from '../ui/masthead.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { LabelField } from './label-field.tsx';
import { PlaceFields } from './place-fields.tsx';
import styles from './provision.module.css';
import { SourceFields } from './source-fields.tsx';
import { emptyWish, type WishText, wishIn } from './wish.ts';

/** Asks for a project of one's own. */
export function NewProjectPage() {
  const settings = useQuery({
    queryKey: ['sign-in-settings'],
    queryFn: ({ signal }) => readSignInSettings(signal),
  });
  if (settings.error !== null)
    return <Fault error={settings.error} onRetry={() => void settings.refetch()} />;
  if (settings.data === undefined) return <PageWait />;
  return (
    <>
      <Masthead />
      <main className={styles.page}>
        <Link to="/" className={styles.back}>
          Your projects
        </Link>
        <h1>New project</h1>
        {settings.data.is_sign_up_open ? (
          <WishForm />
        ) : (
          <Notice
            title="Nobody can sign up here."
            next="Ask whoever runs this installation for a project; an invitation to it is a link."
          />
        )}
      </main>
    </>
  );
}

function WishForm() {
  const navigate = useNavigate();
  const keyOf = useIntent();
  const [text, setText] = useState<WishText>(emptyWish);
  const wish = wishIn(text);
  const creating = useMutation({
    mutationFn: (wanted: ProjectWish) =>
      createAccountApi(connectionTo()).create(wanted, { idempotencyKey: keyOf(wanted) }),
    onSuccess: ({ label }) => navigate({ to: '/new/$label', params: { label } }),
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (wish !== undefined && !creating.isPending) creating.mutate(wish);
      }}
    >
      <LabelField label={text.label} onChange={(label) => setText({ ...text, label })} />
      <PlaceFields text={text} onChange={setText} />
      <SourceFields text={text} onChange={setText} />
      {creating.error === null ? null : <Fault error={creating.error} />}
      <div>
        <Button type="submit" look="main" disabled={wish === undefined || creating.isPending}>
          Make the project
        </Button>
      </div>
    </form>
  );
}
