CREATE TABLE `shards` (
	`shard` text PRIMARY KEY NOT NULL,
	`held` integer NOT NULL
) WITHOUT ROWID;--> statement-breakpoint
INSERT INTO `shards` (`shard`, `held`) SELECT `shard`, count(*) FROM `tenants` WHERE `shard` <> '' GROUP BY `shard`;--> statement-breakpoint
CREATE TRIGGER `shards_gain` AFTER INSERT ON `tenants` WHEN new.`shard` <> '' BEGIN
  INSERT INTO `shards` (`shard`, `held`) SELECT new.`shard`, 0 WHERE NOT EXISTS (SELECT 1 FROM `shards` WHERE `shard` = new.`shard`);
  UPDATE `shards` SET `held` = `held` + 1 WHERE `shard` = new.`shard`;
END;--> statement-breakpoint
CREATE TRIGGER `shards_lose` AFTER DELETE ON `tenants` WHEN old.`shard` <> '' BEGIN
  UPDATE `shards` SET `held` = `held` - 1 WHERE `shard` = old.`shard`;
END;--> statement-breakpoint
CREATE TRIGGER `shards_move` AFTER UPDATE OF `shard` ON `tenants` WHEN old.`shard` <> new.`shard` BEGIN
  UPDATE `shards` SET `held` = `held` - 1 WHERE `shard` = old.`shard`;
  INSERT INTO `shards` (`shard`, `held`) SELECT new.`shard`, 0 WHERE new.`shard` <> '' AND NOT EXISTS (SELECT 1 FROM `shards` WHERE `shard` = new.`shard`);
  UPDATE `shards` SET `held` = `held` + 1 WHERE `shard` = new.`shard`;
END;
