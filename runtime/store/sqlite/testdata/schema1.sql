PRAGMA application_id = 1400140653; PRAGMA user_version = 1;
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
INSERT INTO machines VALUES (1, 'one', CAST('{"type":"STANDARD","definition":1,"created":"2026-03-01T12:00:00Z","revision":0,"versions":[{"number":1,"definition":1,"revision":0,"description":"the first","created":"2026-03-01T12:00:00Z"}],"aliases":[{"name":"live","routes":[{"version":1,"weight":100}],"created":"2026-03-01T12:00:00Z"}],"lastNumber":1}' AS BLOB));
INSERT INTO machines VALUES (2, 'wait', CAST('{"type":"STANDARD","definition":2,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO machines VALUES (3, 'call', CAST('{"type":"STANDARD","definition":3,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO machines VALUES (4, 'act', CAST('{"type":"STANDARD","definition":4,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO machines VALUES (5, 'parent', CAST('{"type":"STANDARD","definition":5,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO machines VALUES (6, 'quick', CAST('{"type":"EXPRESS","definition":6,"created":"2026-03-01T12:00:00Z","revision":0}' AS BLOB));
INSERT INTO executions VALUES (10, 4, 'a', 4, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 1803902400000000000);
INSERT INTO executions VALUES (11, 5, 'p', 5, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 0);
INSERT INTO executions VALUES (12, 1, '64f77fa4-172e-4ae7-a0a5-5e9b2a7d0dc0', 1, 0, '', 1, 11, 3, 1, 1772366400000000000, 0, 0, 0, 0);
INSERT INTO executions VALUES (14, 1, 'done', 1, 0, '', 1, 0, 0, 2, 1772366400000000000, 1772366400000000000, 0, 0, 9223372036854775807);
INSERT INTO executions VALUES (15, 1, 'failed', 1, 0, '', 1, 0, 0, 3, 1772366400000000000, 1772366400000000000, 0, 0, 9223372036854775807);
INSERT INTO executions VALUES (16, 1, 'versioned', 1, 1, 'live', 1, 0, 0, 2, 1772366400000000000, 1772366400000000000, 0, 0, 9223372036854775807);
INSERT INTO executions VALUES (7, 1, 'cut', 1, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 0);
INSERT INTO executions VALUES (8, 2, 'w', 2, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 1772370000000000000);
INSERT INTO executions VALUES (9, 3, 'c', 3, 0, '', 1, 0, 0, 1, 1772366400000000000, 0, 0, 0, 1803902400000000000);
INSERT INTO journal VALUES (10, 1, 3, 3608973935, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[10783297870348516827,14193050048041871378]}]},{"at":1772366400000000000,"in":[{"e":"ActivityFound","lookup":2}]}]' AS BLOB));
INSERT INTO journal VALUES (11, 1, 5, 4157929785, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[16873429103312822077,10818407886194314560]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3},{"e":"TaskSubmitted","task":3,"output":{"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:one:64f77fa4-172e-4ae7-a0a5-5e9b2a7d0dc0","SdkHttpMetadata":{"AllHttpHeaders":{},"HttpHeaders":{},"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"00000000-0000-0000-0000-000000000000"},"StartDate":1772366400000}}]}]' AS BLOB));
INSERT INTO journal VALUES (12, 1, 4, 2180149794, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"hang","seed":[18430753092137336002,8554997139291566415]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (14, 1, 4, 410907447, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[8313552388063253046,10243109751139509052]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (14, 2, 7, 1012127084, CAST('[{"at":1772366400000000000,"in":[{"e":"TaskSucceeded","task":3,"output":"fine"}]},{"status":"SUCCEEDED","output":"fine"}]' AS BLOB));
INSERT INTO journal VALUES (15, 1, 4, 3065665977, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fail","seed":[5810878398215979447,15797236713659386944]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (15, 2, 6, 3384825440, CAST('[{"at":1772366400000000000,"in":[{"e":"TaskFailed","task":3,"error":"Broken","cause":""}]},{"status":"FAILED","error":"Broken","cause":""}]' AS BLOB));
INSERT INTO journal VALUES (16, 1, 4, 1217732325, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[11160668157666181039,16536146049978805667]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (16, 2, 7, 1012127084, CAST('[{"at":1772366400000000000,"in":[{"e":"TaskSucceeded","task":3,"output":"fine"}]},{"status":"SUCCEEDED","output":"fine"}]' AS BLOB));
INSERT INTO journal VALUES (7, 1, 4, 2122190267, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"hang","seed":[12390399496481966933,3725594311704444838]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (8, 1, 2, 2813100464, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[2870958814981604532,757772144317532608]}]}]' AS BLOB));
INSERT INTO journal VALUES (9, 1, 4, 852378208, CAST('[{"at":1772366400000000000,"in":[{"e":"Started","input":"fine","seed":[1867459576548434735,10373172847834177386]}]},{"at":1772366400000000000,"in":[{"e":"TaskStarted","task":3}]}]' AS BLOB));
INSERT INTO journal VALUES (9, 2, 5, 1891736968, CAST('[{"at":1772366400000000000,"in":[{"e":"TaskSubmitted","task":3,"output":{"Token":"3vkdUmAnGPso4adyZuNYWAbR7xQfvf3T"}}]}]' AS BLOB));
INSERT INTO tokens VALUES ('-kqxFXqYDyu2i4HtBxCv7tLdFmrOcbfm', 10, 3, 'arn:aws:states:us-east-1:123456789012:activity:desk', 4, 1);
INSERT INTO tokens VALUES ('3vkdUmAnGPso4adyZuNYWAbR7xQfvf3T', 9, 3, '', 3, 0);
INSERT INTO express VALUES (13, 6, 6, 1772366400000000000, CAST('{"name":"again","arn":"arn:aws:states:us-east-1:123456789012:express:quick:again:b8cb87b9-fd73-4f45-8933-acb3b408ae90","seed":[15879932674383076798,8388507776655382801],"input":"hang"}' AS BLOB));
