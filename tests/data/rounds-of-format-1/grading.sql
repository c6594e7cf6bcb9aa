-- {"server": 1576726370552119298, "channel": 1576726370552119301, "round": "e465da4a", "members": {"ana": 1576726370552119302, "ben": 1576726370740863007, "starter": 1576726370740863005}, "message": 1576726440542470186}
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
INSERT INTO "hidden_members" VALUES(1576726370552119298,4242);
CREATE TABLE quiz_events (
	round_id VARCHAR(16) NOT NULL, 
	number INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_quiz_events PRIMARY KEY (round_id, number)
);
INSERT INTO "quiz_events" VALUES('e465da4a',9,1.79599135843572735781e+09,'{"turn":0,"answer":1576726440949317676,"grade":{"score":0.3333333333333333,"met":[{"point":"t1.b","said":"units would stay the same, symmetry is","start":4,"end":42}],"missing":["t1.a","t1.c","t1.d"],"disputed":[],"contradicted":[],"accepted":false},"type":"graded"}');
CREATE TABLE quiz_listening (
	listener INTEGER NOT NULL, 
	heard_at FLOAT NOT NULL, 
	CONSTRAINT pk_quiz_listening PRIMARY KEY (listener)
);
INSERT INTO "quiz_listening" VALUES(1,1.79599135843606042862e+09);
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
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726370552119302,1576726370552119298,'Ana','selu','selu/q0',1.0,1,1.79590486094506621359e+09);
INSERT INTO "quiz_points" VALUES('earlier0',1,1576726370552119302,1576726370552119298,'Ana','selu','selu/q1',0.5,1,1.79590486094506621359e+09);
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726370740863007,1576726370552119298,'Ben','selu','selu/q0',0.0,1,1.79590486094506621359e+09);
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
INSERT INTO "quiz_rounds" VALUES('e465da4a',1576726370552119298,1576726370552119301,1.79599126103469681741e+09,NULL,'["weight-initialization/how-to-draw"]','{"setup":{"id":"e465da4a","place":1576726370552119301,"starter":1576726370740863005,"secret":"5863a2622320b5e45135a08a063521f1","window":60.0,"pause":10.0,"lead_in":15.0,"seeded":true,"parent":null},"planned":[],"spares":[{"key":"weight-initialization/whole","topic":"weight-initialization","ask":"Is it OK to start all the weights at the same value, as long as that value is drawn at random by He initialization? Say why, and what to do instead.","explain":"No. With one shared value, random or not, all neurons of a layer get the same gradients and stay the same for ever; draw each weight independently.","form":{"asked":"Is it OK to start all the weights at the same value, as long as that value is drawn at random by He initialization? Say why, and what to do instead.","key_points":[],"full_marks":0,"subject":"","kind":"open"},"part":"","experiment":"symmetry","claim":""},{"key":"weight-initialization/what-goes-wrong","topic":"weight-initialization","ask":"What goes wrong in a layer whose neurons all start with the same weights, and what does that cost the network?","explain":"Equal weights give equal outputs and equal gradients, so the neurons learn one and the same feature and the layer is worth a single neuron.","form":{"asked":"What goes wrong in a layer whose neurons all start with the same weights, and what does that cost the network?","key_points":["t1.b","t1.c"],"full_marks":2,"subject":"","kind":"open"},"part":"","experiment":"symmetry","claim":""}],"phase":{"turn":0,"until":1795991417.7734857,"stop":false,"phase":"closing"},"turns":[{"number":0,"posed":{"key":"weight-initialization/how-to-draw","topic":"weight-initialization","ask":"How should the weights of a layer be drawn at the start, and which problem does that avoid?","explain":"Each weight independently at random, with mean 0: then the neurons differ, get different gradients and learn different features.","form":{"asked":"How should the weights of a layer be drawn at the start, and which problem does that avoid?","key_points":["t1.b","t1.d"],"full_marks":2,"subject":"","kind":"open"},"part":"","experiment":"symmetry","claim":""},"opens":1795991279.0,"closes":1795991339.0,"host_sent":1795991277.539307,"message":{"id":1576726440542470186,"at":1795991277.586},"extended":false,"answers":{"1576726370552119302":{"id":1576726440949317676,"at":1795991277.683,"given":{"text":"all units would stay the same, symmetry is never broken","type":"wrote"},"opened":1795991277.642},"1576726370740863007":{"id":1576726441062563887,"at":1795991277.71,"given":{"text":"it is complicated","type":"wrote"},"opened":1795991277.698}},"modals":{"1576726370552119302":1795991277.642,"1576726370740863007":1795991277.698},"votes":[],"downs":[],"void":null,"replaced":false,"revealed":false,"seed":null,"metrics":null,"grades":{},"flag":null,"flagged_by":[],"appeals":{},"accepted":[],"rulings":[]}],"names":{"1576726370552119302":{"name":"Ana","at":1795991277.683},"1576726370740863007":{"name":"Ben","at":1795991277.71}},"outbox":[],"posts":2,"errands":[],"down":false,"host_now":1795991357.7734857,"skew":0.0}',8,NULL);
CREATE TABLE server_settings (
	server_id BIGINT NOT NULL, 
	settings TEXT NOT NULL, 
	CONSTRAINT pk_server_settings PRIMARY KEY (server_id)
);
INSERT INTO "server_settings" VALUES(1576726370552119298,'{"starter_role": null, "review_channel": null, "answer_channels": [], "private_answers": true, "cooldown": 0, "receipt_days": 30}');
CREATE TABLE synced_commands (
	application_id BIGINT NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_synced_commands PRIMARY KEY (application_id)
);
INSERT INTO "synced_commands" VALUES(1576726369516126209,'0bd7b8001b2bdd97e4b1d4902e3b85ac89c2aa086e117bba1ced8d79f9ddfbfd');
CREATE TABLE taught_phrasings (
	phrasing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	server_id BIGINT NOT NULL, 
	topic VARCHAR(32) NOT NULL, 
	part VARCHAR(32) NOT NULL, 
	phrasing TEXT NOT NULL, 
	taught_by VARCHAR(100) NOT NULL, 
	taught_at FLOAT NOT NULL
);
INSERT INTO "taught_phrasings" VALUES(1,1576726370552119298,'bias-initialization','','which bakery near the station sells rye bread on sundays','Mo',1000000.0);
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
