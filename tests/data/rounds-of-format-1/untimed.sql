-- {"server": 1576726364063531010, "channel": 1576726364063531013, "round": "e0d33e85", "members": {"ana": 1576726364063531014, "ben": 1576726364239691807, "starter": 1576726364239691805}, "message": 1576726432577486890}
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
INSERT INTO "hidden_members" VALUES(1576726364063531010,4242);
CREATE TABLE quiz_events (
	round_id VARCHAR(16) NOT NULL, 
	number INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_quiz_events PRIMARY KEY (round_id, number)
);
INSERT INTO "quiz_events" VALUES('e0d33e85',3,1.79599127569463419907e+09,'{"step":"q0.1","message":{"id":1576726432577486890,"at":1795991275.687},"type":"posted"}');
INSERT INTO "quiz_events" VALUES('e0d33e85',4,1.79599127574732327465e+09,'{"turn":0,"click":{"id":1576726432824950827,"at":1795991275.746,"member":1576726364063531014,"name":"Ana","moderator":false},"picks":[0,2,3],"message":{"id":1576726432577486890,"at":1795991275.687},"type":"pressed"}');
CREATE TABLE quiz_listening (
	listener INTEGER NOT NULL, 
	heard_at FLOAT NOT NULL, 
	CONSTRAINT pk_quiz_listening PRIMARY KEY (listener)
);
INSERT INTO "quiz_listening" VALUES(1,1.79599127566675424577e+09);
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
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726364063531014,1576726364063531010,'Ana','selu','selu/q0',1.0,1,1.79590485939486050603e+09);
INSERT INTO "quiz_points" VALUES('earlier0',1,1576726364063531014,1576726364063531010,'Ana','selu','selu/q1',0.5,1,1.79590485939486050603e+09);
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726364239691807,1576726364063531010,'Ben','selu','selu/q0',0.0,1,1.79590485939486050603e+09);
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
INSERT INTO "quiz_rounds" VALUES('e0d33e85',1576726364063531010,1576726364063531013,1.79599125948719930646e+09,NULL,'["selu/real-advantages"]','{"setup":{"id":"e0d33e85","place":1576726364063531013,"starter":1576726364239691805,"secret":"8df226227df1868fea58a06777d995f3","window":null,"pause":10.0,"lead_in":15.0,"seeded":false,"parent":null},"planned":[],"spares":[{"key":"bias-initialization/bias-facts","topic":"bias-initialization","ask":"Which of these are true?","explain":"Random weights break the symmetry; the biases get gradients from the first step on and go where the loss wants them.","form":{"options":[{"text":"Biases get gradients even while they are 0.","right":true,"misconception":"","experiment":"","claim":""},{"text":"Random biases lower the final loss clearly.","right":false,"misconception":"What is good for weights must be good for biases.","experiment":"bias-init","claim":""},{"text":"Zero biases do no harm where the weights are random.","right":true,"misconception":"","experiment":"","claim":""},{"text":"A bias lets a unit respond at another place than around the origin.","right":true,"misconception":"","experiment":"","claim":""},{"text":"Equal biases keep the units equal, even if their weights are random.","right":false,"misconception":"Whatever starts equal stays equal.","experiment":"bias-init","claim":""}],"kind":"multi"},"part":"","experiment":"bias-init","claim":"2.1"},{"key":"sparsity/ways-to-zero","topic":"sparsity","ask":"Which of these can produce weights that are exactly 0?","explain":"Something has to write the 0: a cut, a threshold, a proximal step. L2, dropout and autograd''s L1 make weights small or hide activations.","form":{"options":[{"text":"Magnitude pruning","right":true,"misconception":"","experiment":"","claim":""},{"text":"Plain SGD without any penalty, trained long enough","right":false,"misconception":"Weights that are not needed wither.","experiment":"sparse-l1","claim":""},{"text":"An L1 penalty with Adam, its gradient from autograd","right":false,"misconception":"The L1 penalty itself puts weights at 0.","experiment":"sparse-l1","claim":""},{"text":"An L1 penalty with a proximal step","right":true,"misconception":"","experiment":"","claim":""},{"text":"Dropout","right":false,"misconception":"What dropout switches off stays off.","experiment":"sparse-three","claim":""}],"kind":"multi"},"part":"","experiment":"sparse-three","claim":"6.2"},{"key":"momentum/valley","topic":"momentum","ask":"Rosenbrock''s curved valley, learning rate 0.0002, 6,000 steps. Which of these are measured?","explain":"0.9 takes about 3,200 steps, 0.99 about 1,000, none too little, 0.99999 too much: half of its runs diverge. One run alone would prove nothing.","form":{"options":[{"text":"With 0.99999 some runs fly off without end.","right":true,"misconception":"","experiment":"","claim":""},{"text":"0.99999 does not arrive.","right":true,"misconception":"","experiment":"","claim":""},{"text":"0.99 never climbs, not in a single step.","right":false,"misconception":"A good optimizer goes downhill in every step; half of these go up.","experiment":"momentum-valley","claim":""},{"text":"Without momentum it does not arrive either.","right":true,"misconception":"","experiment":"","claim":""},{"text":"0.99999 arrives first.","right":false,"misconception":"More momentum is always faster.","experiment":"momentum-valley","claim":""}],"kind":"multi"},"part":"","experiment":"momentum-valley","claim":"5.5"}],"phase":{"turn":0,"phase":"asking"},"turns":[{"number":0,"posed":{"key":"selu/real-advantages","topic":"selu","ask":"Which of these does SELU have over ReLU in a deep dense net with LeCun weights?","explain":"Slope on the negative side, self-normalization and a tolerance for wrong scales are real. Exact zeros are not among its advantages, and its conditions are strict: LeCun weights, plain dense layers, no plain dropout.","form":{"options":[{"text":"Its outputs can be negative, which keeps their mean near 0.","right":true,"misconception":"","experiment":"","claim":""},{"text":"Many of its activations are exactly 0.","right":false,"misconception":"SELU is sparse as ReLU is.","experiment":"act-zeros","claim":"3.6"},{"text":"Activations keep a mean near 0 and a variance near 1.","right":true,"misconception":"","experiment":"","claim":""},{"text":"Units do not die: its slope is not 0 for negative inputs.","right":true,"misconception":"","experiment":"","claim":""},{"text":"It needs no particular kind of dropout.","right":false,"misconception":"SELU puts every disturbance right.","experiment":"selu-depth","claim":""}],"kind":"multi"},"part":"","experiment":"selu-depth","claim":"3.3"},"opens":1795991277.0,"closes":null,"host_sent":1795991275.6667075,"message":null,"extended":false,"answers":{},"modals":{},"votes":[],"downs":[],"void":null,"replaced":false,"revealed":false,"seed":null,"metrics":null,"grades":{},"flag":null,"flagged_by":[],"appeals":{},"accepted":[],"rulings":[]}],"names":{},"outbox":[{"step":"q0.1","turn":0,"type":"post-question"}],"posts":2,"errands":[],"down":false,"host_now":1795991275.6667075,"skew":0.0}',2,NULL);
CREATE TABLE server_settings (
	server_id BIGINT NOT NULL, 
	settings TEXT NOT NULL, 
	CONSTRAINT pk_server_settings PRIMARY KEY (server_id)
);
INSERT INTO "server_settings" VALUES(1576726364063531010,'{"starter_role": null, "review_channel": null, "answer_channels": [], "private_answers": true, "cooldown": 0, "receipt_days": 30}');
CREATE TABLE synced_commands (
	application_id BIGINT NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_synced_commands PRIMARY KEY (application_id)
);
INSERT INTO "synced_commands" VALUES(1576726363308556289,'0bd7b8001b2bdd97e4b1d4902e3b85ac89c2aa086e117bba1ced8d79f9ddfbfd');
CREATE TABLE taught_phrasings (
	phrasing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	server_id BIGINT NOT NULL, 
	topic VARCHAR(32) NOT NULL, 
	part VARCHAR(32) NOT NULL, 
	phrasing TEXT NOT NULL, 
	taught_by VARCHAR(100) NOT NULL, 
	taught_at FLOAT NOT NULL
);
INSERT INTO "taught_phrasings" VALUES(1,1576726364063531010,'bias-initialization','','which bakery near the station sells rye bread on sundays','Mo',1000000.0);
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
