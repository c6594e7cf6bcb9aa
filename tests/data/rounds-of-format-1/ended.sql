-- {"server": 1576726381587333122, "channel": 1576726381587333125, "round": "3c79e9c1", "members": {"ana": 1576726381587333126, "ben": 1576726381683802143, "starter": 1576726381683802141}, "message": 1576726450080317482}
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
INSERT INTO "hidden_members" VALUES(1576726381587333122,4242);
CREATE TABLE quiz_events (
	round_id VARCHAR(16) NOT NULL, 
	number INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_quiz_events PRIMARY KEY (round_id, number)
);
CREATE TABLE quiz_listening (
	listener INTEGER NOT NULL, 
	heard_at FLOAT NOT NULL, 
	CONSTRAINT pk_quiz_listening PRIMARY KEY (listener)
);
INSERT INTO "quiz_listening" VALUES(1,1.79599137612800312038e+09);
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
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726381587333126,1576726381587333122,'Ana','selu','selu/q0',1.0,1,1.79590486355401563649e+09);
INSERT INTO "quiz_points" VALUES('earlier0',1,1576726381587333126,1576726381587333122,'Ana','selu','selu/q1',0.5,1,1.79590486355401563649e+09);
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726381683802143,1576726381587333122,'Ben','selu','selu/q0',0.0,1,1.79590486355401563649e+09);
INSERT INTO "quiz_points" VALUES('3c79e9c1',0,1576726381587333126,1576726381587333122,'Ana','weight-initialization','weight-initialization/how-to-draw',0.5,0,1.79599136010659384725e+09);
INSERT INTO "quiz_points" VALUES('3c79e9c1',0,1576726381683802143,1576726381587333122,'Ben','weight-initialization','weight-initialization/how-to-draw',0.5,0,1.79599136010659384725e+09);
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
INSERT INTO "quiz_rounds" VALUES('3c79e9c1',1576726381587333122,1576726381587333125,1.79599126368135905262e+09,1.7959913761617865562e+09,'["weight-initialization/how-to-draw"]','{"setup":{"id":"3c79e9c1","place":1576726381587333125,"starter":1576726381683802141,"secret":"35ad989ee6fce0003d129320f24b18ca","window":60.0,"pause":10.0,"lead_in":15.0,"seeded":true,"parent":null},"planned":[],"spares":[{"key":"weight-initialization/whole","topic":"weight-initialization","ask":"Is it OK to start all the weights at the same value, as long as that value is drawn at random by He initialization? Say why, and what to do instead.","explain":"No. With one shared value, random or not, all neurons of a layer get the same gradients and stay the same for ever; draw each weight independently.","form":{"asked":"Is it OK to start all the weights at the same value, as long as that value is drawn at random by He initialization? Say why, and what to do instead.","key_points":[],"full_marks":0,"subject":"","kind":"open"},"part":"","experiment":"symmetry","claim":""},{"key":"weight-initialization/what-goes-wrong","topic":"weight-initialization","ask":"What goes wrong in a layer whose neurons all start with the same weights, and what does that cost the network?","explain":"Equal weights give equal outputs and equal gradients, so the neurons learn one and the same feature and the layer is worth a single neuron.","form":{"asked":"What goes wrong in a layer whose neurons all start with the same weights, and what does that cost the network?","key_points":["t1.b","t1.c"],"full_marks":2,"subject":"","kind":"open"},"part":"","experiment":"symmetry","claim":""}],"phase":{"why":"finished","lost":null,"permission":"","phase":"ended"},"turns":[{"number":0,"posed":{"key":"weight-initialization/how-to-draw","topic":"weight-initialization","ask":"How should the weights of a layer be drawn at the start, and which problem does that avoid?","explain":"Each weight independently at random, with mean 0: then the neurons differ, get different gradients and learn different features.","form":{"asked":"How should the weights of a layer be drawn at the start, and which problem does that avoid?","key_points":["t1.b","t1.d"],"full_marks":2,"subject":"","kind":"open"},"part":"","experiment":"symmetry","claim":""},"opens":1795991281.0,"closes":1795991341.0,"host_sent":1795991279.8443654,"message":{"id":1576726450080317482,"at":1795991279.86},"extended":false,"answers":{"1576726381587333126":{"id":1576726450399084588,"at":1795991279.936,"given":{"text":"the lockstep marching band never splits up","type":"wrote"},"opened":1795991279.918},"1576726381683802143":{"id":1576726450592022575,"at":1795991279.982,"given":{"text":"all units would stay the same, symmetry is never broken","type":"wrote"},"opened":1795991279.956}},"modals":{"1576726381587333126":1795991279.918,"1576726381683802143":1795991279.956},"votes":[],"downs":[],"void":null,"replaced":false,"revealed":true,"seed":null,"metrics":null,"grades":{"1576726450399084588":{"score":0.6666666666666666,"met":[{"point":"t1.a","said":"never","start":27,"end":32},{"point":"t1.b","said":"lockstep","start":4,"end":12}],"missing":["t1.c","t1.d"],"disputed":[],"contradicted":[],"accepted":false},"1576726450592022575":{"score":0.3333333333333333,"met":[{"point":"t1.b","said":"units would stay the same, symmetry is","start":4,"end":42}],"missing":["t1.a","t1.c","t1.d"],"disputed":[],"contradicted":[],"accepted":false}},"flag":null,"flagged_by":[],"appeals":{"1576726381587333126":"asked"},"accepted":[],"rulings":[]}],"names":{"1576726381587333126":{"name":"Ana","at":1795991279.936},"1576726381683802143":{"name":"Ben","at":1795991279.982}},"outbox":[],"posts":4,"errands":[],"down":false,"host_now":1795991376.187249,"skew":0.0}',14,1576726853928878129);
CREATE TABLE server_settings (
	server_id BIGINT NOT NULL, 
	settings TEXT NOT NULL, 
	CONSTRAINT pk_server_settings PRIMARY KEY (server_id)
);
INSERT INTO "server_settings" VALUES(1576726381587333122,'{"starter_role": null, "review_channel": null, "answer_channels": [], "private_answers": true, "cooldown": 0, "receipt_days": 30}');
CREATE TABLE synced_commands (
	application_id BIGINT NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_synced_commands PRIMARY KEY (application_id)
);
INSERT INTO "synced_commands" VALUES(1576726380652003329,'0bd7b8001b2bdd97e4b1d4902e3b85ac89c2aa086e117bba1ced8d79f9ddfbfd');
CREATE TABLE taught_phrasings (
	phrasing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	server_id BIGINT NOT NULL, 
	topic VARCHAR(32) NOT NULL, 
	part VARCHAR(32) NOT NULL, 
	phrasing TEXT NOT NULL, 
	taught_by VARCHAR(100) NOT NULL, 
	taught_at FLOAT NOT NULL
);
INSERT INTO "taught_phrasings" VALUES(1,1576726381587333122,'bias-initialization','','which bakery near the station sells rye bread on sundays','Mo',1000000.0);
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
