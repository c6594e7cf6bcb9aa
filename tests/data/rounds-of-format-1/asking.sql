-- {"server": 1576726358782902274, "channel": 1576726358787096581, "round": "ef182cc4", "members": {"ana": 1576726358787096582, "ben": 1576726358879371295, "starter": 1576726358879371293}, "message": 1576726427175223338}
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
INSERT INTO "hidden_members" VALUES(1576726358782902274,4242);
CREATE TABLE quiz_events (
	round_id VARCHAR(16) NOT NULL, 
	number INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_quiz_events PRIMARY KEY (round_id, number)
);
INSERT INTO "quiz_events" VALUES('ef182cc4',3,1.79599127440009236336e+09,'{"step":"q0.1","message":{"id":1576726427175223338,"at":1795991274.399},"type":"posted"}');
INSERT INTO "quiz_events" VALUES('ef182cc4',4,1.79599127445170378683e+09,'{"turn":0,"click":{"id":1576726427389132843,"at":1795991274.45,"member":1576726358787096582,"name":"Ana","moderator":false},"picks":[1],"message":{"id":1576726427175223338,"at":1795991274.399},"type":"pressed"}');
INSERT INTO "quiz_events" VALUES('ef182cc4',5,1.79599127446620130538e+09,'{"turn":0,"click":{"id":1576726427435270189,"at":1795991274.461,"member":1576726358879371295,"name":"Ben","moderator":false},"picks":[0],"message":{"id":1576726427175223338,"at":1795991274.399},"type":"pressed"}');
CREATE TABLE quiz_listening (
	listener INTEGER NOT NULL, 
	heard_at FLOAT NOT NULL, 
	CONSTRAINT pk_quiz_listening PRIMARY KEY (listener)
);
INSERT INTO "quiz_listening" VALUES(1,1.79599127438641810415e+09);
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
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726358787096582,1576726358782902274,'Ana','selu','selu/q0',1.0,1,1.79590485811673808099e+09);
INSERT INTO "quiz_points" VALUES('earlier0',1,1576726358787096582,1576726358782902274,'Ana','selu','selu/q1',0.5,1,1.79590485811673808099e+09);
INSERT INTO "quiz_points" VALUES('earlier0',0,1576726358879371295,1576726358782902274,'Ben','selu','selu/q0',0.0,1,1.79590485811673808099e+09);
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
INSERT INTO "quiz_rounds" VALUES('ef182cc4',1576726358782902274,1576726358787096581,1.79599125821505427357e+09,NULL,'["momentum/noise","sparsity/fine-tuning"]','{"setup":{"id":"ef182cc4","place":1576726358787096581,"starter":1576726358879371293,"secret":"93f719b4cf906816cb25904fb108b8f8","window":60.0,"pause":10.0,"lead_in":15.0,"seeded":false,"parent":null},"planned":[{"key":"sparsity/fine-tuning","topic":"sparsity","ask":"80 % of the weights are pruned by magnitude and accuracy falls by some 15 points. What does it help to train on, with the pruned weights held at 0?","explain":"The remaining weights take over: 0.84 after the cut, 0.975 after ten epochs more, 0.988 for the dense net.","form":{"options":[{"text":"It makes the net dense again.","right":false,"misconception":"Pruned weights grow back; the mask holds them.","experiment":"prune","claim":""},{"text":"It brings back most of what was lost.","right":true,"misconception":"","experiment":"","claim":""},{"text":"Nothing: what was pruned is gone.","right":false,"misconception":"Knowledge sits in single weights.","experiment":"prune","claim":""},{"text":"It costs still more accuracy.","right":false,"misconception":"A pruned net can only overfit.","experiment":"prune","claim":""}],"kind":"choice"},"part":"pruning","experiment":"prune","claim":"6.5"}],"spares":[{"key":"dropout/mc-cost","topic":"dropout","ask":"MC Dropout with 100 passes: what does one prediction cost?","explain":"T passes are T times the arithmetic, in inference only: training is that of ordinary dropout. The passes do not depend on one another, so they can run at the same time.","form":{"options":[{"text":"The same as one pass, since dropout is off at inference.","right":false,"misconception":"MC Dropout is ordinary dropout; it keeps the masks on.","experiment":"mc-dropout","claim":""},{"text":"About 10 times: it grows with the square root.","right":false,"misconception":"The cost falls as the error does.","experiment":"mc-dropout","claim":""},{"text":"About twice.","right":false,"misconception":"All passes share their work but for the mask.","experiment":"mc-dropout","claim":""},{"text":"A hundred times as many multiplications.","right":true,"misconception":"","experiment":"","claim":""}],"kind":"choice"},"part":"mc-dropout","experiment":"mc-dropout","claim":"7.3"},{"key":"bias-initialization/minus-five","topic":"bias-initialization","ask":"The hidden biases of a ReLU net start at -5, with inputs of ordinary size. What is to be expected?","explain":"A unit whose input is negative for every example outputs 0 and gets no gradient, so nothing brings it back. At -5 about four fifths of the units are dead, and the loss stays near that of the base rate.","form":{"options":[{"text":"Most hidden units are dead from the start.","right":true,"misconception":"","experiment":"","claim":""},{"text":"Nothing much: the net learns the biases it needs in a few steps.","right":false,"misconception":"A dead ReLU unit can learn its way back.","experiment":"bias-init","claim":""},{"text":"Faster training, since the net starts sparse.","right":false,"misconception":"Zero activations are always a gain.","experiment":"bias-init","claim":""},{"text":"The units become copies, since their biases are equal.","right":false,"misconception":"Equal biases make equal units, even with random weights.","experiment":"bias-init","claim":""}],"kind":"choice"},"part":"","experiment":"bias-init","claim":"2.5"},{"key":"weight-initialization/what-breaks-it","topic":"weight-initialization","ask":"What is it in random weights that breaks the symmetry between the units of a layer?","explain":"Any independent differences will do, normal or uniform, around 0 or around another value. A mean of 0 and the right variance have another task: they keep the size of the signal from layer to layer.","form":{"options":[{"text":"That each is drawn on its own.","right":true,"misconception":"","experiment":"","claim":""},{"text":"That they change in every step.","right":false,"misconception":"Whatever moves will move apart.","experiment":"symmetry","claim":""},{"text":"That their variance is 2 / fan-in.","right":false,"misconception":"The right scale breaks the symmetry; but one shared value can have any scale.","experiment":"symmetry","claim":""},{"text":"That they follow a normal distribution.","right":false,"misconception":"Only a bell curve breaks the symmetry.","experiment":"symmetry","claim":"1.6"}],"kind":"choice"},"part":"","experiment":"symmetry","claim":"1.7"}],"phase":{"turn":0,"phase":"asking"},"turns":[{"number":0,"posed":{"key":"momentum/noise","topic":"momentum","ask":"Gradients are noisy and the learning rate is small and fixed (v \u2190 \u03b2v + g, w \u2190 w - lr\u00b7v). How does the spread of the weights around the minimum (variance) depend on \u03b2?","explain":"In this form the effective step is lr/(1 - \u03b2), and the variance grows with it: measured about 970 times at \u03b2 = 0.999.","form":{"options":[{"text":"It shrinks: momentum averages the noise away.","right":false,"misconception":"Momentum smooths the steps, so it must calm the weights.","experiment":"momentum-noise","claim":""},{"text":"It grows about in proportion to 1/(1 - \u03b2).","right":true,"misconception":"","experiment":"","claim":""},{"text":"It becomes 0 as \u03b2 goes to 1.","right":false,"misconception":"Momentum smooths the steps, so it must calm the weights.","experiment":"momentum-noise","claim":""},{"text":"It does not depend on \u03b2.","right":false,"misconception":"Noise comes from the gradients alone.","experiment":"momentum-noise","claim":""}],"kind":"choice"},"part":"overshoot","experiment":"momentum-noise","claim":"5.5"},"opens":1795991276.0,"closes":1795991336.0,"host_sent":1795991274.3863587,"message":null,"extended":false,"answers":{},"modals":{},"votes":[],"downs":[],"void":null,"replaced":false,"revealed":false,"seed":null,"metrics":null,"grades":{},"flag":null,"flagged_by":[],"appeals":{},"accepted":[],"rulings":[]}],"names":{},"outbox":[{"step":"q0.1","turn":0,"type":"post-question"}],"posts":2,"errands":[],"down":false,"host_now":1795991274.3863587,"skew":0.0}',2,NULL);
CREATE TABLE server_settings (
	server_id BIGINT NOT NULL, 
	settings TEXT NOT NULL, 
	CONSTRAINT pk_server_settings PRIMARY KEY (server_id)
);
INSERT INTO "server_settings" VALUES(1576726358782902274,'{"starter_role": null, "review_channel": null, "answer_channels": [], "private_answers": true, "cooldown": 0, "receipt_days": 30}');
CREATE TABLE synced_commands (
	application_id BIGINT NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_synced_commands PRIMARY KEY (application_id)
);
INSERT INTO "synced_commands" VALUES(1576726357855961089,'0bd7b8001b2bdd97e4b1d4902e3b85ac89c2aa086e117bba1ced8d79f9ddfbfd');
CREATE TABLE taught_phrasings (
	phrasing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	server_id BIGINT NOT NULL, 
	topic VARCHAR(32) NOT NULL, 
	part VARCHAR(32) NOT NULL, 
	phrasing TEXT NOT NULL, 
	taught_by VARCHAR(100) NOT NULL, 
	taught_at FLOAT NOT NULL
);
INSERT INTO "taught_phrasings" VALUES(1,1576726358782902274,'bias-initialization','','which bakery near the station sells rye bread on sundays','Mo',1000000.0);
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
