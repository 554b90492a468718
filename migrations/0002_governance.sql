CREATE TABLE `invitations` (
	`tenant` text NOT NULL,
	`invitation_id` text NOT NULL,
	`digest` text NOT NULL,
	`name` text NOT NULL,
	`roles` text NOT NULL,
	`approval_roles` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`tip_seq` integer NOT NULL,
	`tip_hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `invitation_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `capabilities` (
	`tenant` text NOT NULL,
	`capability` text NOT NULL,
	`contract_id` text NOT NULL,
	`version_id` text,
	`digest` text,
	`label` text,
	`version_seq` integer,
	PRIMARY KEY(`tenant`, `capability`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `contract_versions` (
	`tenant` text NOT NULL,
	`version_id` text NOT NULL,
	`contract_id` text NOT NULL,
	`version_number` integer NOT NULL,
	`label` text NOT NULL,
	`digest` text NOT NULL,
	`seq` integer NOT NULL,
	`risk_increasing` integer NOT NULL,
	`pushed_at` integer NOT NULL,
	`pushed_by` text NOT NULL,
	PRIMARY KEY(`tenant`, `version_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `versions_by_contract` ON `contract_versions` (`tenant`,`contract_id`,`version_number`);--> statement-breakpoint
CREATE TABLE `contracts` (
	`tenant` text NOT NULL,
	`contract_id` text NOT NULL,
	`name` text NOT NULL,
	`description` text,
	`versions` integer NOT NULL,
	`newest_version_id` text NOT NULL,
	`active_version_id` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`tip_seq` integer NOT NULL,
	`tip_hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `contract_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `counters` (
	`tenant` text NOT NULL,
	`key` text NOT NULL,
	`count` integer NOT NULL,
	`total` real NOT NULL,
	PRIMARY KEY(`tenant`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `policies` (
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`version` integer NOT NULL,
	`newest_seq` integer NOT NULL,
	`newest_digest` text NOT NULL,
	`active_seq` integer,
	`active_digest` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`tip_seq` integer NOT NULL,
	`tip_hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `name`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `settings` (
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	`tip_seq` integer NOT NULL,
	`tip_hash` text NOT NULL,
	PRIMARY KEY(`tenant`, `name`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `bindings` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `credentials` ADD `capabilities` text;--> statement-breakpoint
ALTER TABLE `credentials` ADD `created_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `credentials` ADD `issued_by` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `credentials` ADD `last_used_at` integer;--> statement-breakpoint
ALTER TABLE `credentials` ADD `tip_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `credentials` ADD `tip_hash` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `members` ADD `tip_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `members` ADD `tip_hash` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `proposals` ADD `requirements` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `proposals` ADD `version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `proposals` ADD `body_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `proposals` ADD `rehearsal` text;--> statement-breakpoint
ALTER TABLE `proposals` ADD `conversation` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `proposals` ADD `cause` text;--> statement-breakpoint
UPDATE `proposals` SET `body_seq` = `seq`, `requirements` = json_array(json_object('role', `required_role`, 'approvals', `required_approvals`));
