-- {"server": 1576726361123323906, "channel": 1576726361123323909, "round": "fc1f1a11", "members": {"ana": 1576726361123323910, "ben": 1576726361324650527, "starter": 1576726361324650525}, "message": 1576726429863772202}
BEGIN TRANSACTION;
CREATE TABLE accepted_wordings (
	wording_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	server_id BIGINT NOT NULL, 
	topic VARCHAR(32) NOT NULL, 
	question VARCHAR(65) NOT NULL, 
	wording TEXT NOT NULL, 
	moderator_id BIGINT NOT NULL, 
	by_name VARCHAR(100) NOT NULL, 
	accepted_at FLOAT NOT NULL
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE greeted_servers (
	server_id BIGINT NOT NULL, 
	greeted_at FLOAT NOT NULL, 
	CONSTRAINT pk_greeted_servers PRIMARY KEY (server_id)
);
CREATE TABLE hidden_members (
	server_id BIGINT NOT NULL, 
	member_id BIGINT NOT NULL, 
	CONSTRAINT pk_hidden_members PRIMARY KEY (server_id, member_id)
);
INSERT INTO "hidden_members" VALUES(1576726361123323906,4242);
CREATE TABLE quiz_events (
	round_id VARCHAR(16) NOT NULL, 
	number INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_quiz_events PRIMARY KEY (round_id, number)
);
INSERT INTO "quiz_events" VALUES('fc1f1a11',3,1795991275.04519,'{"step":"q0.1","message":{"id":1576726429863772202,"at":1795991275.04},"type":"posted"}');
INSERT INTO "quiz_events" VALUES('fc1f1a11',4,1.79599127509697604173e+09,'{"turn":0,"click":{"id":1576726430094458923,"at":1795991275.095,"member":1576726361123323910,"name":"Ana","moderator":false},"message":{"id":1576726429863772202,"at":1795991275.04},"type":"opened-modal"}');
INSERT INTO "quiz_events" VALUES('fc1f1a11',5,1.79599127511657142642e+09,'{"turn":0,"click":{"id":1576726430178345004,"at":1795991275.115,"member":1576726361123323910,"name":"Ana","moderator":false},"opened":1795991275.095,"text":"all units stay the same because of symmetry","type":"submitted"}');
CREATE TABLE quiz_listening (
	listener INTEGER NOT NULL, 
	heard_at FLOAT NOT NULL, 
	CONSTRAINT pk_quiz_listening PRIMARY KEY (listener)
);
INSERT INTO "quiz_listening" VALUES(1,1.79599127502184748644e+09);
CREATE TABLE quiz_points (
	round_id VARCHAR(16) NOT NULL, 
	turn INTEGER NOT NULL, 
	member_id BIGINT NOT NULL, 
	server_id BIGINT NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	topic VARCHAR(32) NOT NULL, 
	question VARCHAR(65) NOT NULL, 
	points FLOAT NOT NULL, 
	ranked BOOLEAN NOT NULL, 
	at FLOAT NOT NULL, 
	CONSTRAINT pk_quiz_points PRIMARY KEY (round_id, turn, member_id)
);
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726361123323910,1576726361123323906,'Ana','selu','selu/q0',1.0,1,1.79590485869970178608e+09);
INSERT INTO "quiz_points" VALUES('earlier0',1,1576726361123323910,1576726361123323906,'Ana','selu','selu/q1',0.5,1,1.79590485869970178608e+09);
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726361324650527,1576726361123323906,'Ben','selu','selu/q0',0.0,1,1.79590485869970178608e+09);
CREATE TABLE quiz_rounds (
	round_id VARCHAR(16) NOT NULL, 
	server_id BIGINT NOT NULL, 
	place_id BIGINT NOT NULL, 
	started_at FLOAT NOT NULL, 
	ended_at FLOAT, 
	asked TEXT NOT NULL, 
	state TEXT NOT NULL, 
	up_to INTEGER NOT NULL, 
	table_message BIGINT, 
	CONSTRAINT pk_quiz_rounds PRIMARY KEY (round_id)
);
INSERT INTO "quiz_rounds" VALUES('fc1f1a11',1576726361123323906,1576726361123323909,1.79599125883885383601e+09,NULL,'["weight-initialization/how-to-draw"]','{"setup":{"id":"fc1f1a11","place":1576726361123323909,"starter":1576726361324650525,"secret":"e38e6ec82e4f33125317350da2065758","window":60.0,"pause":10.0,"lead_in":15.0,"seeded":false,"parent":null},"planned":[],"spares":[{"key":"weight-initialization/whole","topic":"weight-initialization","ask":"Is it OK to start all the weights at the same value, as long as that value is drawn at random by He initialization? Say why, and what to do instead.","explain":"No. With one shared value, random or not, all neurons of a layer get the same gradients and stay the same for ever; draw each weight independently.","form":{"asked":"Is it OK to start all the weights at the same value, as long as that value is drawn at random by He initialization? Say why, and what to do instead.","key_points":[],"full_marks":0,"subject":"","kind":"open"},"part":"","experiment":"symmetry","claim":""},{"key":"weight-initialization/what-goes-wrong","topic":"weight-initialization","ask":"What goes wrong in a layer whose neurons all start with the same weights, and what does that cost the network?","explain":"Equal weights give equal outputs and equal gradients, so the neurons learn one and the same feature and the layer is worth a single neuron.","form":{"asked":"What goes wrong in a layer whose neurons all start with the same weights, and what does that cost the network?","key_points":["t1.b","t1.c"],"full_marks":2,"subject":"","kind":"open"},"part":"","experiment":"symmetry","claim":""}],"phase":{"turn":0,"phase":"asking"},"turns":[{"number":0,"posed":{"key":"weight-initialization/how-to-draw","topic":"weight-initialization","ask":"How should the weights of a layer be drawn at the start, and which problem does that avoid?","explain":"Each weight independently at random, with mean 0: then the neurons differ, get different gradients and learn different features.","form":{"asked":"How should the weights of a layer be drawn at the start, and which problem does that avoid?","key_points":["t1.b","t1.d"],"full_marks":2,"subject":"","kind":"open"},"part":"","experiment":"symmetry","claim":""},"opens":1795991277.0,"closes":1795991337.0,"host_sent":1795991275.0217922,"message":null,"extended":false,"answers":{},"modals":{},"votes":[],"downs":[],"void":null,"replaced":false,"revealed":false,"seed":null,"metrics":null,"grades":{},"flag":null,"flagged_by":[],"appeals":{},"accepted":[],"rulings":[]}],"names":{},"outbox":[{"step":"q0.1","turn":0,"type":"post-question"}],"posts":2,"errands":[],"down":false,"host_now":1795991275.0217922,"skew":0.0}',2,NULL);
CREATE TABLE server_settings (
	server_id BIGINT NOT NULL, 
	settings TEXT NOT NULL, 
	CONSTRAINT pk_server_settings PRIMARY KEY (server_id)
);
INSERT INTO "server_settings" VALUES(1576726361123323906,'{"starter_role": null, "review_channel": null, "answer_channels": [], "private_answers": true, "cooldown": 0, "receipt_days": 30}');
CREATE TABLE synced_commands (
	application_id BIGINT NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_synced_commands PRIMARY KEY (application_id)
);
INSERT INTO "synced_commands" VALUES(1576726360540315649,'0bd7b8001b2bdd97e4b1d4902e3b85ac89c2aa086e117bba1ced8d79f9ddfbfd');
CREATE TABLE taught_phrasings (
	phrasing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	server_id BIGINT NOT NULL, 
	topic VARCHAR(32) NOT NULL, 
	part VARCHAR(32) NOT NULL, 
	phrasing TEXT NOT NULL, 
	taught_by VARCHAR(100) NOT NULL, 
	taught_at FLOAT NOT NULL
);
INSERT INTO "taught_phrasings" VALUES(1,1576726361123323906,'bias-initialization','','which bakery near the station sells rye bread on sundays','Mo',1000000.0);
CREATE INDEX ix_taught_phrasings_server_id ON taught_phrasings (server_id);
CREATE INDEX ix_quiz_rounds_place_id ON quiz_rounds (place_id);
CREATE INDEX ix_quiz_rounds_ended_at ON quiz_rounds (ended_at);
CREATE INDEX ix_quiz_points_server_id ON quiz_points (server_id);
CREATE INDEX ix_quiz_points_member_id ON quiz_points (member_id);
CREATE INDEX ix_accepted_wordings_server_id ON accepted_wordings (server_id);
CREATE INDEX ix_accepted_wordings_moderator_id ON accepted_wordings (moderator_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('taught_phrasings',1);
COMMIT;
