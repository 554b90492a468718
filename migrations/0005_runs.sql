CREATE TABLE `control_changes` (
	`tenant` text NOT NULL,
	`revision` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`tenant`, `revision`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `controls` (
	`tenant` text NOT NULL,
	`key` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`versions` text NOT NULL,
	`active` integer,
	`status` text NOT NULL,
	`updated_at` integer NOT NULL,
	`tip_seq` integer NOT NULL,
	`tip_hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `runs` (
	`tenant` text NOT NULL,
	`run_id` text NOT NULL,
	`seq` integer NOT NULL,
	`command` text NOT NULL,
	`state` text NOT NULL,
	`proposer_kind` text NOT NULL,
	`proposer_id` text NOT NULL,
	`agents` text NOT NULL,
	`ends` text NOT NULL,
	`steps` integer NOT NULL,
	`open` text NOT NULL,
	`failed` integer NOT NULL,
	`bytes` integer NOT NULL,
	`artifacts` text NOT NULL,
	`cause` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`tip_seq` integer NOT NULL,
	`tip_hash` text NOT NULL,
	`lane` text,
	`rank` integer,
	PRIMARY KEY(`tenant`, `run_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `runs_by_lane` ON `runs` (`tenant`,`lane`,`rank`) WHERE lane IS NOT NULL;--> statement-breakpoint
CREATE TABLE `steps` (
	`tenant` text NOT NULL,
	`step_id` text NOT NULL,
	`run_id` text NOT NULL,
	`seq` integer NOT NULL,
	`number` integer NOT NULL,
	`kind` text NOT NULL,
	`title` text,
	`state` text NOT NULL,
	`parents` text NOT NULL,
	`once` text NOT NULL,
	`children` text NOT NULL,
	`linked` text,
	`artifact` text,
	`task` text,
	`plan` text,
	`most_attempts` integer NOT NULL,
	`attempt` integer NOT NULL,
	`charged` integer NOT NULL,
	`queued_seq` integer,
	`not_before` integer,
	`claim_id` text,
	`claim_runner` text,
	`claim_credential` text,
	`claim_expires_at` integer,
	`progress` text,
	`result_seq` integer,
	`told` text,
	`cause` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`lane` text,
	`rank` integer,
	PRIMARY KEY(`tenant`, `step_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `steps_by_lane` ON `steps` (`tenant`,`lane`,`rank`) WHERE lane IS NOT NULL;--> statement-breakpoint
CREATE INDEX `steps_by_run` ON `steps` (`tenant`,`run_id`,`number`);--> statement-breakpoint
ALTER TABLE `actions` ADD `step_id` text;--> statement-breakpoint
ALTER TABLE `credentials` ADD `handlers` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `proposals` ADD `step_id` text;--> statement-breakpoint
ALTER TABLE `runners` ADD `registered_by` text;--> statement-breakpoint
ALTER TABLE `runners` ADD `control_digest` text;