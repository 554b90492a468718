ALTER TABLE `actions` ADD `contract_id` text;--> statement-breakpoint
ALTER TABLE `actions` ADD `frozen_by` text;--> statement-breakpoint
ALTER TABLE `proposals` ADD `contract_id` text;--> statement-breakpoint
ALTER TABLE `proposals` ADD `frozen_by` text;--> statement-breakpoint
ALTER TABLE `runners` ADD `started_at` integer;--> statement-breakpoint
ALTER TABLE `runners` ADD `drained` text;