-- {"server": 1576726377908928514, "channel": 1576726377908928517, "round": "d61408c9", "members": {"ana": 1576726377908928518, "ben": 1576726378244472863, "starter": 1576726378244472861}, "message": 1576726446510964778}
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
INSERT INTO "hidden_members" VALUES(1576726377908928514,4242);
CREATE TABLE quiz_events (
	round_id VARCHAR(16) NOT NULL, 
	number INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_quiz_events PRIMARY KEY (round_id, number)
);
INSERT INTO "quiz_events" VALUES('d61408c9',6,1.79599134222429752351e+09,'{"step":"q0.r.2","message":{"id":1576726446510964778,"at":1795991279.009},"type":"posted"}');
CREATE TABLE quiz_listening (
	listener INTEGER NOT NULL, 
	heard_at FLOAT NOT NULL, 
	CONSTRAINT pk_quiz_listening PRIMARY KEY (listener)
);
INSERT INTO "quiz_listening" VALUES(1,1.79599134221172881129e+09);
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
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726377908928518,1576726377908928514,'Ana','selu','selu/q0',1.0,1,1.795904862734146595e+09);
INSERT INTO "quiz_points" VALUES('earlier0',1,1576726377908928518,1576726377908928514,'Ana','selu','selu/q1',0.5,1,1.795904862734146595e+09);
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726378244472863,1576726377908928514,'Ben','selu','selu/q0',0.0,1,1.795904862734146595e+09);
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
INSERT INTO "quiz_rounds" VALUES('d61408c9',1576726377908928514,1576726377908928517,1.79599126281490826606e+09,NULL,'["dropout/more-passes","activation-functions/one-of-ten"]','{"setup":{"id":"d61408c9","place":1576726377908928517,"starter":1576726378244472861,"secret":"b6c3e69cc8f1ca59ba60abfccc089b04","window":60.0,"pause":10.0,"lead_in":15.0,"seeded":false,"parent":null},"planned":[{"key":"activation-functions/one-of-ten","topic":"activation-functions","ask":"Every picture shows exactly one of ten animals. Which output layer gives probabilities for them?","explain":"Softmax turns scores into a distribution over classes that exclude each other. Separate logistic units are free to sum to 0.5 or to 1.9.","form":{"options":[{"text":"Ten logistic units: their outputs sum to 1.","right":false,"misconception":"Separate logistic units know of one another.","experiment":"softmax-output","claim":""},{"text":"Ten linear units, fitted to 0 and 1.","right":false,"misconception":"A fit to 0 and 1 is a probability; a fifth of these leave that range.","experiment":"softmax-output","claim":""},{"text":"Softmax over ten scores.","right":true,"misconception":"","experiment":"","claim":""},{"text":"Ten ReLU units.","right":false,"misconception":"Whatever is not negative is a probability.","experiment":"activations","claim":""}],"kind":"choice"},"part":"softmax","experiment":"softmax-output","claim":"4.13"}],"spares":[{"key":"bias-initialization/minus-five","topic":"bias-initialization","ask":"The hidden biases of a ReLU net start at -5, with inputs of ordinary size. What is to be expected?","explain":"A unit whose input is negative for every example outputs 0 and gets no gradient, so nothing brings it back. At -5 about four fifths of the units are dead, and the loss stays near that of the base rate.","form":{"options":[{"text":"Exploding gradients.","right":false,"misconception":"A large negative bias makes the signal large.","experiment":"bias-init","claim":""},{"text":"Most hidden units are dead from the start.","right":true,"misconception":"","experiment":"","claim":""},{"text":"Faster training, since the net starts sparse.","right":false,"misconception":"Zero activations are always a gain.","experiment":"bias-init","claim":""},{"text":"The units become copies, since their biases are equal.","right":false,"misconception":"Equal biases make equal units, even with random weights.","experiment":"bias-init","claim":""}],"kind":"choice"},"part":"","experiment":"bias-init","claim":"2.5"},{"key":"sparsity/exact-zeros","topic":"sparsity","ask":"What turns the small weights of an L1 penalty into exact zeros?","explain":"Soft thresholding is the exact solution of \"gradient step, then L1\": values below lr\u00b7\u03bb become 0. With full batches (ISTA) it finds 84 % zeros where 84 % of the features do not matter.","form":{"options":[{"text":"A much smaller learning rate towards the end.","right":false,"misconception":"Smaller steps end at 0; they hover nearer to it.","experiment":"sparse-l1","claim":""},{"text":"More training steps.","right":false,"misconception":"Given time the weights arrive at 0.","experiment":"sparse-l1","claim":""},{"text":"Soft thresholding after each gradient step.","right":true,"misconception":"","experiment":"","claim":""},{"text":"An adaptive optimizer such as Adam in place of SGD.","right":false,"misconception":"Adaptive steps land on 0.","experiment":"sparse-l1","claim":""}],"kind":"choice"},"part":"l1","experiment":"sparse-l1","claim":"6.2"},{"key":"selu/which-dropout","topic":"selu","ask":"Which dropout keeps the mean and variance of SELU activations?","explain":"With a plain dropout of 0.1 the variance rises to about 1.6, with alpha dropout it stays at 1. (Alpha dropout has a price: over 100 layers the gradient falls to 10^-8.7.)","form":{"options":[{"text":"Plain dropout: it sets units to 0, which is SELU''s mean.","right":false,"misconception":"Setting to the mean keeps the variance.","experiment":"selu-depth","claim":""},{"text":"None: with SELU dropout is impossible.","right":false,"misconception":"Dropout and self-normalization exclude each other.","experiment":"selu-depth","claim":""},{"text":"Any, since the next layer puts it right.","right":false,"misconception":"SELU puts every disturbance right.","experiment":"selu-depth","claim":""},{"text":"Alpha dropout, made for SELU.","right":true,"misconception":"","experiment":"","claim":""}],"kind":"choice"},"part":"self-normalizing","experiment":"selu-depth","claim":"3.3"}],"phase":{"until":1795991352.2116818,"phase":"pause"},"turns":[{"number":0,"posed":{"key":"dropout/more-passes","topic":"dropout","ask":"MC Dropout runs four times as many passes. What becomes of the random error of their mean?","explain":"Independent passes: the error of a mean falls as 1/\u221aT, while the cost grows as T.","form":{"options":[{"text":"It is gone.","right":false,"misconception":"A hundred passes are as good as all.","experiment":"mc-dropout","claim":""},{"text":"It stays: the masks are what they are.","right":false,"misconception":"More passes repeat the same answer.","experiment":"mc-dropout","claim":""},{"text":"It doubles.","right":false,"misconception":"More randomness, more error.","experiment":"mc-dropout","claim":""},{"text":"It is halved.","right":true,"misconception":"","experiment":"","claim":""}],"kind":"choice"},"part":"mc-dropout","experiment":"mc-dropout","claim":"7.3"},"opens":1795991280.0,"closes":1795991340.0,"host_sent":1795991278.9966872,"message":{"id":1576726446510964778,"at":1795991279.009},"extended":false,"answers":{"1576726377908928518":{"id":1576726446724874283,"at":1795991279.06,"given":{"picks":[3],"type":"picked"},"opened":null}},"modals":{},"votes":[],"downs":[],"void":null,"replaced":false,"revealed":true,"seed":null,"metrics":null,"grades":{},"flag":null,"flagged_by":[],"appeals":{},"accepted":[],"rulings":[]}],"names":{"1576726377908928518":{"name":"Ana","at":1795991279.06}},"outbox":[{"step":"q0.r.2","turn":0,"type":"edit-reveal"}],"posts":3,"errands":[],"down":false,"host_now":1795991342.2116818,"skew":0.0}',5,NULL);
CREATE TABLE server_settings (
	server_id BIGINT NOT NULL, 
	settings TEXT NOT NULL, 
	CONSTRAINT pk_server_settings PRIMARY KEY (server_id)
);
INSERT INTO "server_settings" VALUES(1576726377908928514,'{"starter_role": null, "review_channel": null, "answer_channels": [], "private_answers": true, "cooldown": 0, "receipt_days": 30}');
CREATE TABLE synced_commands (
	application_id BIGINT NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_synced_commands PRIMARY KEY (application_id)
);
INSERT INTO "synced_commands" VALUES(1576726377313337345,'0bd7b8001b2bdd97e4b1d4902e3b85ac89c2aa086e117bba1ced8d79f9ddfbfd');
CREATE TABLE taught_phrasings (
	phrasing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	server_id BIGINT NOT NULL, 
	topic VARCHAR(32) NOT NULL, 
	part VARCHAR(32) NOT NULL, 
	phrasing TEXT NOT NULL, 
	taught_by VARCHAR(100) NOT NULL, 
	taught_at FLOAT NOT NULL
);
INSERT INTO "taught_phrasings" VALUES(1,1576726377908928514,'bias-initialization','','which bakery near the station sells rye bread on sundays','Mo',1000000.0);
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
