import styles from './stop-drill.module.css';

/** How to be sure of the stop before it is needed, and what to do once it stands. */
export function StopDrill() {
  return (
    <details className={styles.drill}>
      <summary>The drill: what to do once it stands, and how to try it</summary>
      <div className={styles.text}>
        <ol>
          <li>
            Stop, here or with <code>countersign fleet stop --reason TEXT</code>. It says until when a write
            that was leased before may begin.
          </li>
          <li>
            Look at what was written: the proposals that are applied, and the receipts in your own database.
          </li>
          <li>
            Find out where it comes from. Revoke or freeze an agent, put the contract before in force, or
            retire a policy that lets too much go.
          </li>
          <li>Look at what is approved, since it will be written. Cancel what must not be.</li>
          <li>Freeze what you do not trust yet: a freeze outlives the stop.</li>
          <li>
            Lift the stop, here or with <code>countersign fleet lift FREEZE --reason TEXT</code>. What waited
            is handed out in its old order.
          </li>
        </ol>
        <p>
          To try it on real parts, <code>npm run drill:stop</code> leases 1,000 changes, cuts the runner off,
          stops, and fails if a write begins after the time that the stop named.
        </p>
        <p>
          When the control plane cannot be reached, nobody can stop by it, and it hands nothing out either. To
          be sure, stop the runners’ processes: the first SIGTERM lets what has begun end. Take no rights from
          the database role instead: a write that is denied has failed, and is not tried again.
        </p>
      </div>
    </details>
  );
}
