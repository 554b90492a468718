ALTER TABLE `tenants` ADD `jurisdiction` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `owner` text;--> statement-breakpoint
CREATE INDEX `tenants_by_owner` ON `tenants` (`owner`) WHERE owner IS NOT NULL;--> statement-breakpoint
CREATE INDEX `tenants_by_shard` ON `tenants` (`shard`);