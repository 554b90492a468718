CREATE TABLE `activity` (
	`tenant` text NOT NULL,
	`runner_id` text NOT NULL,
	`event_id` text NOT NULL,
	`seq` integer NOT NULL,
	`digest` text NOT NULL,
	PRIMARY KEY(`tenant`, `runner_id`, `event_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `credentials` (
	`tenant` text NOT NULL,
	`credential_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`digest` text NOT NULL,
	`sources` text NOT NULL,
	`permissions` text NOT NULL,
	`status` text NOT NULL,
	`expires_at` integer,
	PRIMARY KEY(`tenant`, `credential_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `heads` (
	`tenant` text PRIMARY KEY NOT NULL,
	`turn` integer NOT NULL,
	`nonce` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`counters` text NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`tenant` text NOT NULL,
	`key` text NOT NULL,
	`request` text NOT NULL,
	`status` integer NOT NULL,
	`answer` text NOT NULL,
	PRIMARY KEY(`tenant`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `ledger` (
	`tenant` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`type` text NOT NULL,
	`subject` text NOT NULL,
	`body` text NOT NULL,
	`prev_hash` text NOT NULL,
	`prev_subject_seq` integer,
	`prev_subject_hash` text,
	`hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `seq`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `members` (
	`tenant` text NOT NULL,
	`person` text NOT NULL,
	`name` text NOT NULL,
	`roles` text NOT NULL,
	`approval_roles` text NOT NULL,
	`status` text NOT NULL,
	PRIMARY KEY(`tenant`, `person`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `proposal_ids` (
	`tenant` text NOT NULL,
	`proposal_id` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`tenant`, `proposal_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `proposals` (
	`tenant` text NOT NULL,
	`seq` integer NOT NULL,
	`proposal_id` text NOT NULL,
	`source_id` text NOT NULL,
	`state` text NOT NULL,
	`proposer_kind` text NOT NULL,
	`proposer_id` text NOT NULL,
	`principal_id` text NOT NULL,
	`proposal_hash` text NOT NULL,
	`effect_digest` text NOT NULL,
	`writable` integer NOT NULL,
	`required_approvals` integer NOT NULL,
	`required_role` text,
	`decisions` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`job_state` text,
	`attempt` integer NOT NULL,
	`charged` integer NOT NULL,
	`queued_at` integer,
	`not_before` integer,
	`lease_id` text,
	`lease_runner` text,
	`lease_expires_at` integer,
	`result` text,
	`discrepancy` text,
	`tip_seq` integer NOT NULL,
	`tip_hash` text NOT NULL,
	`remembered` text NOT NULL,
	`lane` text,
	`rank` integer,
	PRIMARY KEY(`tenant`, `seq`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `proposals_by_lane` ON `proposals` (`tenant`,`lane`,`rank`) WHERE lane IS NOT NULL;--> statement-breakpoint
CREATE TABLE `runners` (
	`tenant` text NOT NULL,
	`runner_id` text NOT NULL,
	`version` text NOT NULL,
	`engines` text NOT NULL,
	`sources` text NOT NULL,
	`capabilities` text NOT NULL,
	`status` text NOT NULL,
	`registered_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`tip_seq` integer NOT NULL,
	`tip_hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `runner_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sources` (
	`tenant` text NOT NULL,
	`source_id` text NOT NULL,
	`name` text NOT NULL,
	`engine` text NOT NULL,
	PRIMARY KEY(`tenant`, `source_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `stale_writer` (
	`turn` integer PRIMARY KEY NOT NULL,
	CONSTRAINT "stale_writer" CHECK(turn IS NULL)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `tenants` (
	`tenant` text PRIMARY KEY NOT NULL,
	`label` text NOT NULL,
	`shard` text NOT NULL,
	`region` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `tenants_by_label` ON `tenants` (`label`);