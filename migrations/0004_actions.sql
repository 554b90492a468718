CREATE TABLE `actions` (
	`tenant` text NOT NULL,
	`action_id` text NOT NULL,
	`seq` integer NOT NULL,
	`name` text NOT NULL,
	`provider` text NOT NULL,
	`target` text NOT NULL,
	`state` text NOT NULL,
	`proposer_kind` text NOT NULL,
	`proposer_id` text NOT NULL,
	`principal_id` text NOT NULL,
	`effect_digest` text NOT NULL,
	`effect_key` text NOT NULL,
	`order_key` text,
	`is_behind` integer NOT NULL,
	`after_proposal` text,
	`decided_with` text,
	`requirements` text NOT NULL,
	`decisions` text NOT NULL,
	`cause` text,
	`likely_done` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`most_attempts` integer NOT NULL,
	`attempt` integer NOT NULL,
	`charged` integer NOT NULL,
	`queued_at` integer,
	`queued_seq` integer,
	`not_before` integer,
	`claim_id` text,
	`claim_runner` text,
	`claim_credential` text,
	`claim_expires_at` integer,
	`claim_begun_at` integer,
	`begun_at` integer,
	`result` text,
	`refused` text,
	`told` text NOT NULL,
	`tip_seq` integer NOT NULL,
	`tip_hash` text NOT NULL,
	`lane` text,
	`rank` integer,
	PRIMARY KEY(`tenant`, `action_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `actions_by_lane` ON `actions` (`tenant`,`lane`,`rank`) WHERE lane IS NOT NULL;--> statement-breakpoint
CREATE TABLE `effects` (
	`tenant` text NOT NULL,
	`key` text NOT NULL,
	`actions` text NOT NULL,
	PRIMARY KEY(`tenant`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `orders` (
	`tenant` text NOT NULL,
	`key` text NOT NULL,
	`holder` text,
	PRIMARY KEY(`tenant`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `targets` (
	`tenant` text NOT NULL,
	`target` text NOT NULL,
	`state` text NOT NULL,
	`failures` integer NOT NULL,
	`until` integer,
	`rest_ms` integer NOT NULL,
	`trial` text,
	`dead_letters` integer NOT NULL,
	`recovers_until` integer,
	`tip_seq` integer NOT NULL,
	`tip_hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `target`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `targets` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `proposals` ADD `tied` text DEFAULT '[]' NOT NULL;