ALTER TABLE `proposals` DROP COLUMN `required_approvals`;--> statement-breakpoint
ALTER TABLE `proposals` DROP COLUMN `required_role`;