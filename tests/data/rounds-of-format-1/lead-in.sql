-- {"server": 1576726356035633154, "channel": 1576726356035633157, "round": "66d3037b", "members": {"ana": 1576726356035633158, "ben": 1576726356681555999, "starter": 1576726356681555997}, "message": 1576726357373616168}
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
INSERT INTO "hidden_members" VALUES(1576726356035633154,4242);
CREATE TABLE quiz_events (
	round_id VARCHAR(16) NOT NULL, 
	number INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_quiz_events PRIMARY KEY (round_id, number)
);
INSERT INTO "quiz_events" VALUES('66d3037b',1,1.79599125775847554206e+09,'{"step":"lead.0","message":{"id":1576726357373616168,"at":1795991257.757},"type":"posted"}');
INSERT INTO "quiz_events" VALUES('66d3037b',2,1.79599125780999398227e+09,'{"since":1795991257.7584755,"anew":false,"type":"resumed"}');
CREATE TABLE quiz_listening (
	listener INTEGER NOT NULL, 
	heard_at FLOAT NOT NULL, 
	CONSTRAINT pk_quiz_listening PRIMARY KEY (listener)
);
INSERT INTO "quiz_listening" VALUES(1,1.79599125774000597001e+09);
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
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726356035633158,1576726356035633154,'Ana','selu','selu/q0',1.0,1,1.7959048575932602882e+09);
INSERT INTO "quiz_points" VALUES('earlier0',1,1576726356035633158,1576726356035633154,'Ana','selu','selu/q1',0.5,1,1.7959048575932602882e+09);
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726356681555999,1576726356035633154,'Ben','selu','selu/q0',0.0,1,1.7959048575932602882e+09);
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
INSERT INTO "quiz_rounds" VALUES('66d3037b',1576726356035633154,1576726356035633157,1.79599125772324180599e+09,NULL,'["dropout/few-examples","activation-functions/what-is-dead"]','{"setup":{"id":"66d3037b","place":1576726356035633157,"starter":1576726356681555997,"secret":"775ac7416002318551d9351ca626e15c","window":60.0,"pause":10.0,"lead_in":15.0,"seeded":false,"parent":null},"planned":[{"key":"dropout/few-examples","topic":"dropout","ask":"A wide net overfits 150 examples, a tenth of them mislabelled. What does dropout of 0.5 do?","explain":"On all 50 seeds accuracy rose, by about three points in the median, and the gap shrank by about a third. With plenty of data the gain is gone.","form":{"options":[{"text":"The gap between training and test loss is gone.","right":false,"misconception":"Dropout prevents overfitting; it reduces it.","experiment":"dropout-overfit","claim":""},{"text":"It overfits less, but still somewhat.","right":true,"misconception":"","experiment":"","claim":""},{"text":"Nothing on test data, it only slows training.","right":false,"misconception":"Dropout is a cost without a gain.","experiment":"dropout-overfit","claim":""},{"text":"Test loss rises: the net has too little capacity left.","right":false,"misconception":"Less capacity is always worse.","experiment":"dropout-overfit","claim":""}],"kind":"choice"},"part":"training","experiment":"dropout-overfit","claim":"6.9"},{"key":"activation-functions/what-is-dead","topic":"activation-functions","ask":"When is a ReLU unit dead?","explain":"Off for every example means a slope of 0 for every example: the gradient is exactly 0 and the weights stay where they are for good.","form":{"options":[{"text":"When its weights have all become 0.","right":false,"misconception":"A unit dies by its weights fading.","experiment":"relu-revive","claim":""},{"text":"When it gives the same large value for each and every example.","right":false,"misconception":"A saturated unit and a dead one are the same; ReLU has no upper limit.","experiment":"relu-revive","claim":""},{"text":"When it is off for every example.","right":true,"misconception":"","experiment":"","claim":""},{"text":"When its gradient is negative in every step.","right":false,"misconception":"The sign of the gradient decides; a dead unit has none.","experiment":"relu-revive","claim":""}],"kind":"choice"},"part":"relu","experiment":"relu-revive","claim":"4.3"}],"spares":[{"key":"selu/which-dropout","topic":"selu","ask":"Which dropout keeps the mean and variance of SELU activations?","explain":"With a plain dropout of 0.1 the variance rises to about 1.6, with alpha dropout it stays at 1. (Alpha dropout has a price: over 100 layers the gradient falls to 10^-8.7.)","form":{"options":[{"text":"Any, since the next layer puts it right.","right":false,"misconception":"SELU puts every disturbance right.","experiment":"selu-depth","claim":""},{"text":"Plain dropout: it sets units to 0, which is SELU''s mean.","right":false,"misconception":"Setting to the mean keeps the variance.","experiment":"selu-depth","claim":""},{"text":"None: with SELU dropout is impossible.","right":false,"misconception":"Dropout and self-normalization exclude each other.","experiment":"selu-depth","claim":""},{"text":"Alpha dropout, made for SELU.","right":true,"misconception":"","experiment":"","claim":""}],"kind":"choice"},"part":"self-normalizing","experiment":"selu-depth","claim":"3.3"},{"key":"momentum/smooth-bowl","topic":"momentum","ask":"On a smooth quadratic bowl: does \u03b2 = 0.99999 diverge at a learning rate that is stable without momentum?","explain":"The limit of the learning rate is 2(1 + \u03b2)/L: 2/L without momentum, almost 4/L at 0.99999. Slow and oscillating, but stable. The reference answer''s \"instability\" needs a curved valley or noise.","form":{"options":[{"text":"Yes, as soon as the velocity is larger than the gradient.","right":false,"misconception":"A velocity above the gradient is unstable; it is the point of momentum.","experiment":"momentum","claim":""},{"text":"No, it oscillates for ages but does not diverge.","right":true,"misconception":"","experiment":"","claim":""},{"text":"Yes, always.","right":false,"misconception":"Overshooting is divergence.","experiment":"momentum","claim":""},{"text":"No, it settles sooner than with 0.9.","right":false,"misconception":"More momentum is always faster.","experiment":"momentum","claim":""}],"kind":"choice"},"part":"overshoot","experiment":"momentum","claim":"5.5"},{"key":"weight-initialization/shared-value","topic":"weight-initialization","ask":"All weights of a net start at one value, drawn once from He''s distribution; there is no dropout. What happens in training?","explain":"Units with the same weights compute the same output, get the same gradient and make the same step: they stay equal for ever. The net can learn, but only what a net with one unit a layer can.","form":{"options":[{"text":"All units of a layer stay equal, step after step.","right":true,"misconception":"","experiment":"","claim":""},{"text":"It trains as usual: the value is random, and randomness is what counts.","right":false,"misconception":"One random draw shared by all is as good as one draw for each weight.","experiment":"symmetry","claim":""},{"text":"It works as long as the layers are wide enough.","right":false,"misconception":"More units help, even when all of them are copies.","experiment":"symmetry","claim":""},{"text":"The loss never changes: equal weights have gradients of zero.","right":false,"misconception":"Equal weights mean that nothing can be learned at all; in truth the net learns what one unit can.","experiment":"symmetry","claim":""}],"kind":"choice"},"part":"","experiment":"symmetry","claim":"1.3"}],"phase":{"until":1795991273.0,"phase":"lead-in"},"turns":[],"names":{},"outbox":[{"step":"lead.0","until":1795991273.0,"type":"post-lead-in"}],"posts":1,"errands":[],"down":false,"host_now":1795991257.7232418,"skew":0.0}',0,NULL);
CREATE TABLE server_settings (
	server_id BIGINT NOT NULL, 
	settings TEXT NOT NULL, 
	CONSTRAINT pk_server_settings PRIMARY KEY (server_id)
);
INSERT INTO "server_settings" VALUES(1576726356035633154,'{"starter_role": null, "review_channel": null, "answer_channels": [], "private_answers": true, "cooldown": 0, "receipt_days": 30}');
CREATE TABLE synced_commands (
	application_id BIGINT NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_synced_commands PRIMARY KEY (application_id)
);
INSERT INTO "synced_commands" VALUES(1576726354605375489,'0bd7b8001b2bdd97e4b1d4902e3b85ac89c2aa086e117bba1ced8d79f9ddfbfd');
CREATE TABLE taught_phrasings (
	phrasing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	server_id BIGINT NOT NULL, 
	topic VARCHAR(32) NOT NULL, 
	part VARCHAR(32) NOT NULL, 
	phrasing TEXT NOT NULL, 
	taught_by VARCHAR(100) NOT NULL, 
	taught_at FLOAT NOT NULL
);
INSERT INTO "taught_phrasings" VALUES(1,1576726356035633154,'bias-initialization','','which bakery near the station sells rye bread on sundays','Mo',1000000.0);
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
