-- {"server": 1576726366231986178, "channel": 1576726366231986181, "round": "13f13b6f", "members": {"ana": 1576726366231986182, "ben": 1576726366341038111, "starter": 1576726366341038109}, "message": 1576726434590752810}
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
INSERT INTO "hidden_members" VALUES(1576726366231986178,4242);
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
INSERT INTO "quiz_listening" VALUES(1,1.79599133937061190609e+09);
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
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726366231986182,1576726366231986178,'Ana','selu','selu/q0',1.0,1,1.79590485989561653135e+09);
INSERT INTO "quiz_points" VALUES('earlier0',1,1576726366231986182,1576726366231986178,'Ana','selu','selu/q1',0.5,1,1.79590485989561653135e+09);
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726366341038111,1576726366231986178,'Ben','selu','selu/q0',0.0,1,1.79590485989561653135e+09);
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
INSERT INTO "quiz_rounds" VALUES('13f13b6f',1576726366231986178,1576726366231986181,1.79599125996561479563e+09,NULL,'["momentum/steps-to-arrive"]','{"setup":{"id":"13f13b6f","place":1576726366231986181,"starter":1576726366341038109,"secret":"adef35233d996c80fd2ed411c27ff175","window":60.0,"pause":10.0,"lead_in":15.0,"seeded":false,"parent":null},"planned":[],"spares":[{"key":"momentum/rate-limit","topic":"momentum","ask":"A quadratic bowl with largest curvature L = 1. From which learning rate on does SGD with momentum 0.9 diverge?","explain":"2(1 + \u03b2)/L = 3.8: momentum makes larger rates stable on a quadratic bowl. Without it the limit is 2.","form":{"run":{"experiment":"momentum","settings":{}},"metric":"lr_limit_b0.9","unit":"","scale":1.0,"cap":null,"kind":"predict"},"part":"overshoot","experiment":"momentum","claim":""},{"key":"momentum/first-to-arrive","topic":"momentum","ask":"A quadratic bowl with condition number 1000, learning rate a tenth of plain descent''s limit. Which \u03b2 is first to stay within 0.001 of the minimum?","explain":"At \u03ba = 100 0.9 is well ahead; at \u03ba = 1000 the flat direction needs more push, and 0.99 wins.","form":{"options":[{"text":"0.9","right":false,"misconception":"","experiment":"","claim":""},{"text":"0.99","right":false,"misconception":"","experiment":"","claim":""},{"text":"0","right":false,"misconception":"","experiment":"","claim":""},{"text":"0.99999","right":false,"misconception":"","experiment":"","claim":""}],"measured":[{"run":0,"metric":"b0.9_steps"},{"run":0,"metric":"b0.99_steps"},{"run":0,"metric":"b0_steps"},{"run":0,"metric":"b0.99999_steps"}],"runs":[{"experiment":"momentum","settings":{"kappa":1000,"steps":3000,"tol":0.001,"lr_frac":0.1}}],"wins":"least","unit":"steps","scale":1.0,"cap":3000.0,"kind":"compare"},"part":"speed","experiment":"momentum","claim":""},{"key":"momentum/noise-gain","topic":"momentum","ask":"Noisy gradients, fixed small learning rate: how many times larger is the variance of the weights around the minimum with \u03b2 = 0.999 than with \u03b2 = 0?","explain":"About 1/(1 - \u03b2) = 1000 times: each kick of the noise is carried on for a thousand steps.","form":{"run":{"experiment":"momentum-noise","settings":{}},"metric":"noise_gain_b0.999","unit":"times","scale":1.0,"cap":null,"kind":"predict"},"part":"overshoot","experiment":"momentum-noise","claim":""}],"phase":{"turn":0,"until":1795991399.5785933,"stop":false,"phase":"closing"},"turns":[{"number":0,"posed":{"key":"momentum/steps-to-arrive","topic":"momentum","ask":"SGD with momentum \u03b2 = 0.95 on a quadratic bowl with condition number 100; the learning rate is a tenth of plain descent''s limit. After how many steps does the distance stay below 0.001 of the start?","explain":"Swinging, the distance falls by \u221a\u03b2 a step: ln(1000) / -ln(\u221a\u03b2) steps. Below that regime the flat direction sets the pace.","form":{"run":{"experiment":"momentum","settings":{"beta":0.95,"kappa":100,"tol":0.001,"lr_frac":0.1,"steps":3000}},"metric":"beta_steps","unit":"steps","scale":1.0,"cap":3000.0,"kind":"predict"},"part":"speed","experiment":"momentum","claim":""},"opens":1795991278.0,"closes":1795991338.0,"host_sent":1795991276.155519,"message":{"id":1576726434590752810,"at":1795991276.167},"extended":false,"answers":{"1576726366231986182":{"id":1576726434854993964,"at":1795991276.23,"given":{"number":100.0,"text":"100","type":"guessed"},"opened":1795991276.219},"1576726366341038111":{"id":1576726434947268655,"at":1795991276.252,"given":{"number":200.0,"text":"200","type":"guessed"},"opened":1795991276.241}},"modals":{"1576726366231986182":1795991276.219,"1576726366341038111":1795991276.241},"votes":[],"downs":[],"void":null,"replaced":false,"revealed":false,"seed":670324,"metrics":null,"grades":{},"flag":null,"flagged_by":[],"appeals":{},"accepted":[],"rulings":[]}],"names":{"1576726366231986182":{"name":"Ana","at":1795991276.23},"1576726366341038111":{"name":"Ben","at":1795991276.252}},"outbox":[],"posts":2,"errands":[],"down":false,"host_now":1795991339.5785933,"skew":0.0}',8,NULL);
CREATE TABLE server_settings (
	server_id BIGINT NOT NULL, 
	settings TEXT NOT NULL, 
	CONSTRAINT pk_server_settings PRIMARY KEY (server_id)
);
INSERT INTO "server_settings" VALUES(1576726366231986178,'{"starter_role": null, "review_channel": null, "answer_channels": [], "private_answers": true, "cooldown": 0, "receipt_days": 30}');
CREATE TABLE synced_commands (
	application_id BIGINT NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_synced_commands PRIMARY KEY (application_id)
);
INSERT INTO "synced_commands" VALUES(1576726365850304513,'0bd7b8001b2bdd97e4b1d4902e3b85ac89c2aa086e117bba1ced8d79f9ddfbfd');
CREATE TABLE taught_phrasings (
	phrasing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	server_id BIGINT NOT NULL, 
	topic VARCHAR(32) NOT NULL, 
	part VARCHAR(32) NOT NULL, 
	phrasing TEXT NOT NULL, 
	taught_by VARCHAR(100) NOT NULL, 
	taught_at FLOAT NOT NULL
);
INSERT INTO "taught_phrasings" VALUES(1,1576726366231986178,'bias-initialization','','which bakery near the station sells rye bread on sundays','Mo',1000000.0);
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
