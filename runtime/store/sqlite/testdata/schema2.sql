PRAGMA application_id = 1400140653; PRAGMA user_version = 2;
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE definitions (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE machines (id INTEGER PRIMARY KEY, name TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE executions (
	id INTEGER PRIMARY KEY,
	machine INTEGER NOT NULL,
	name TEXT NOT NULL,
	definition INTEGER NOT NULL,
	version INTEGER NOT NULL,
	alias TEXT NOT NULL,
	kernel INTEGER NOT NULL,
	parent INTEGER NOT NULL,
	parent_task INTEGER NOT NULL,
	status INTEGER NOT NULL,   -- 1 running, 2 succeeded, 3 failed, 4 timed out, 5 aborted
	started INTEGER NOT NULL,  -- times are Unix nanoseconds
	stopped INTEGER NOT NULL,
	redriven INTEGER NOT NULL,
	redrives INTEGER NOT NULL,
	wake INTEGER NOT NULL
);
CREATE UNIQUE INDEX executions_name ON executions (machine, name);
CREATE INDEX executions_status ON executions (machine, status, id);
CREATE INDEX executions_parent ON executions (parent) WHERE parent <> 0;
CREATE TABLE journal (
	execution INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	events INTEGER NOT NULL,   -- history events so far
	crc INTEGER NOT NULL,      -- CRC-32C of data
	data BLOB NOT NULL,        -- JSON: what happened outside of the kernel
	PRIMARY KEY (execution, seq)
) WITHOUT ROWID;
CREATE TABLE tokens (
	token TEXT PRIMARY KEY,
	execution INTEGER NOT NULL,
	task INTEGER NOT NULL,
	activity TEXT NOT NULL,
	machine INTEGER NOT NULL,
	waiting INTEGER NOT NULL   -- no worker has taken it
) WITHOUT ROWID;
CREATE INDEX tokens_waiting ON tokens (machine, execution, task) WHERE waiting = 1;
CREATE INDEX tokens_execution ON tokens (execution);
CREATE TABLE express (
	id INTEGER PRIMARY KEY,
	machine INTEGER NOT NULL,
	definition INTEGER NOT NULL,
	started INTEGER NOT NULL,
	data BLOB NOT NULL
);
CREATE VIEW inputs AS
	SELECT j.execution, j.seq, e.key AS step, e.value AS input
	FROM journal AS j, json_each(CAST(j.data AS TEXT)) AS e;
CREATE TABLE map_runs (
	arn TEXT PRIMARY KEY,
	execution INTEGER NOT NULL,
	run INTEGER NOT NULL,
	machine INTEGER NOT NULL,
	open INTEGER NOT NULL,     -- it or its children run
	data BLOB NOT NULL         -- JSON
) WITHOUT ROWID;
CREATE INDEX map_runs_execution ON map_runs (execution, run);
CREATE INDEX map_runs_open ON map_runs (machine, execution, run) WHERE open = 1;
INSERT INTO settings VALUES ('account', '123456789012');
INSERT INTO settings VALUES ('region', 'us-east-1');
INSERT INTO settings VALUES ('role', 'arn:aws:iam::123456789012:role/stepsmith');
INSERT INTO definitions VALUES (1, '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true, "Retry": [{"ErrorEquals": ["Stepsmith.Interrupted"], "MaxAttempts": 1}]}}}');
INSERT INTO definitions VALUES (2, '{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}');
INSERT INTO definitions VALUES (3, '{"StartAt": "C", "States": {"C": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
			"Parameters": {"Token.$": "$$.Task.Token"}, "End": true}}}');
INSERT INTO definitions VALUES (4, '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:desk", "End": true}}}');
INSERT INTO definitions VALUES (5, '{"StartAt": "P", "States": {"P": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
			"Parameters": {"StateMachineArn": "one", "Input": "hang"}, "OutputPath": "$.Output", "End": true}}}');
INSERT INTO definitions VALUES (6, '{"StartAt": "Q", "States": {"Q": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true}}}');
INSERT INTO definitions VALUES (7, '{"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 1, "End": true,
			"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true, "Retry": [{"ErrorEquals": ["Stepsmith.Interrupted"], "MaxAttempts": 1}]}}}}}}');
INSERT INTO machines VALUES (1, 'one', CAST('{"type":"STANDARD","definition":1,"created":"2026-03-01T12:00:00Z","revision":0,"versions":[{"number":1,"definition":1,"revision":0,"description":"the first","created":"2026-03-01T12:00:00Z"}],"aliases":[{"name":"live","routes":[{"version":1,"weight":100}],"created":"2026-03-01T12:00:00Z"}],"lastNumber":1}' AS BLOB));
INSERT INTO machines VALUES (2, 'wait', CAST('{"type":"STANDARD","definition":2,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO machines VALUES (3, 'call', CAST('{"type":"STANDARD","definition":3,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO machines VALUES (4, 'act', CAST('{"type":"STANDARD","definition":4,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO machines VALUES (5, 'parent', CAST('{"type":"STANDARD","definition":5,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO machines VALUES (6, 'quick', CAST('{"type":"EXPRESS","definition":6,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO machines VALUES (7, 'each', CAST('{"type":"STANDARD","definition":7,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO executions VALUES (10, 3, 'c', 3, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 1803902400000000000);
INSERT INTO executions VALUES (11, 4, 'a', 4, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 1803902400000000000);
INSERT INTO executions VALUES (12, 5, 'p', 5, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 0);
INSERT INTO executions VALUES (13, 1, 'c20d2ab8-4093-4ef9-99df-e185e2662a76', 1, 0, '', 1, 12, 3, 1, 1772366400000000000, 0, 0, 0, 0);
INSERT INTO executions VALUES (15, 7, 'e', 7, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 0);
INSERT INTO executions VALUES (16, -7, '38022a18-5aa0-41b4-9033-211de63e79de', 7, 0, '368105b1-200b-4e32-960a-faa58a74ed4e', 1, 15, 4, 2, 1772366400000000000, 1772366400000000000, 0, 0, 9223372036854775807);
INSERT INTO executions VALUES (17, 1, 'done', 1, 0, '', 1, 0, 0, 2, 1772366400000000000, 1772366400000000000, 0, 0, 9223372036854775807);
INSERT INTO executions VALUES (18, -7, '05c06b51-7c99-4dce-b0ea-b869d89399c9', 7, 0, '368105b1-200b-4e32-960a-faa58a74ed4e', 1, 15, 4, 1, 1772366400000000000, 0, 0, 0, 0);
INSERT INTO executions VALUES (19, 1, 'failed', 1, 0, '', 1, 0, 0, 3, 1772366400000000000, 1772366400000000000, 0, 0, 9223372036854775807);
INSERT INTO executions VALUES (20, 1, 'versioned', 1, 1, 'live', 1, 0, 0, 2, 1772366400000000000, 1772366400000000000, 0, 0, 9223372036854775807);
INSERT INTO executions VALUES (8, 1, 'cut', 1, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 0);
INSERT INTO executions VALUES (9, 2, 'w', 2, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 1772370000000000000);
INSERT INTO journal VALUES (10, 1, 4, 2211904882, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[18097568390381354457,17050959718202350510]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (10, 2, 5, 2929004446, CAST('[{"at":1772366400000000000,"in":[{"e":"TaskSubmitted","task":3,"output":{"Token":"RS0rlifQm2oQt0PxHrI8jFqwYj-SzLAg"}}]}]' AS BLOB));
INSERT INTO journal VALUES (11, 1, 3, 1477793171, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[15064611052024746586,10649601006560527039]}]},{"at":1772366400000000000,"in":[{"e":"ActivityFound","lookup":2}]}]' AS BLOB));
INSERT INTO journal VALUES (12, 1, 5, 131894842, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[5533080230217845700,8970332443225793917]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3},{"e":"TaskSubmitted","task":3,"output":{"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:one:c20d2ab8-4093-4ef9-99df-e185e2662a76","SdkHttpMetadata":{"AllHttpHeaders":{},"HttpHeaders":{},"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"00000000-0000-0000-0000-000000000000"},"StartDate":1772366400000}}]}]' AS BLOB));
INSERT INTO journal VALUES (13, 1, 4, 4258099605, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"hang","seed":[12244178093626215270,7988056713221473120]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (15, 1, 4, 1677747555, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":["fine","hang","fine"],"seed":[9606198056895421732,8127544639249405950]}]}]' AS BLOB));
INSERT INTO journal VALUES (16, 1, 4, 2881800136, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[13624519810986603392,6011099311308625972]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (16, 2, 7, 1012127084, CAST('[{"at":1772366400000000000,"in":[{"e":"TaskSucceeded","task":3,"output":"fine"}]},{"status":"SUCCEEDED","output":"fine"}]' AS BLOB));
INSERT INTO journal VALUES (17, 1, 4, 2444706811, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[8859093492495292425,6050802112458804508]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (17, 2, 7, 1012127084, CAST('[{"at":1772366400000000000,"in":[{"e":"TaskSucceeded","task":3,"output":"fine"}]},{"status":"SUCCEEDED","output":"fine"}]' AS BLOB));
INSERT INTO journal VALUES (18, 1, 4, 3419773178, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"hang","seed":[2422053227768457090,13124594754937672200]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (19, 1, 4, 1899698359, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fail","seed":[7971912545533491723,7346051763678223310]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (19, 2, 6, 3384825440, CAST('[{"at":1772366400000000000,"in":[{"e":"TaskFailed","task":3,"error":"Broken","cause":""}]},{"status":"FAILED","error":"Broken","cause":""}]' AS BLOB));
INSERT INTO journal VALUES (20, 1, 4, 1352691656, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[6307675311980348055,220231687606756882]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (20, 2, 7, 1012127084, CAST('[{"at":1772366400000000000,"in":[{"e":"TaskSucceeded","task":3,"output":"fine"}]},{"status":"SUCCEEDED","output":"fine"}]' AS BLOB));
INSERT INTO journal VALUES (8, 1, 4, 331315451, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"hang","seed":[14333172799033436778,1306443845546575601]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (9, 1, 2, 3495356835, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[15793720149730660665,1540375372039785957]}]}]' AS BLOB));
INSERT INTO tokens VALUES ('RS0rlifQm2oQt0PxHrI8jFqwYj-SzLAg', 10, 3, '', 3, 0);
INSERT INTO tokens VALUES ('n7Ffe4uN9jm_PtYv8mq_ISVdrhec1EmJ', 11, 3, 'arn:aws:states:us-east-1:123456789012:activity:desk', 4, 1);
INSERT INTO express VALUES (14, 6, 6, 1772366400000000000, CAST('{"name":"again","arn":"arn:aws:states:us-east-1:123456789012:express:quick:again:92361126-72d3-48a5-b4eb-bf0c157bb316","seed":[4300437443489517224,6298712475973226887],"input":"hang"}' AS BLOB));
INSERT INTO map_runs VALUES ('arn:aws:states:us-east-1:123456789012:mapRun:each/368105b1-200b-4e32-960a-faa58a74ed4e:cde532d0-1cfb-42b9-bff3-cc08ef8313aa', 15, 4, 7, 1, CAST('{"state":"M","status":"RUNNING","origin":4,"seed":[15420171957787042664,6706146167090662920],"started":"2026-03-01T12:00:00Z","counts":{"Items":{"Total":3,"Running":1,"Succeeded":1,"Failed":0,"TimedOut":0,"Aborted":0,"Written":0},"Executions":{"Total":3,"Running":1,"Succeeded":1,"Failed":0,"TimedOut":0,"Aborted":0,"Written":0}},"maxConcurrency":1}' AS BLOB));
