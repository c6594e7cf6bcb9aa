"""The command line of the benchmarks."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from bot.curriculum.loader import load
from bot.quiz.kinds import Kinds
from tests.bench import (
    ask,
    conversations,
    fit_grading,
    fit_ranker,
    fit_young,
    grading,
    matching,
    questions,
    review,
    servers,
    simulations,
    start,
    walk,
)
from tests.bench.many import report as several
from tests.bench.rounds import report, soak
from tests.bench.rounds.crowd import Size


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    commands = parser.add_subparsers(dest="command", required=True)
    match = commands.add_parser("matching", help="how well messages are matched to topics, next to other methods")
    matching.arguments(match)
    grade = commands.add_parser("grading", help="how near grades come to a fair tutor's, next to other methods")
    grade.add_argument("files", nargs="*", type=Path, help="answers with their fair scores, one JSON object a line")
    grade.add_argument("--no-peers", action="store_true", help="only our grades")
    grade.add_argument("--knowledge", type=Path, default=Path("knowledge"), help="the folder of the topic files")
    grade.add_argument("--fit", action="store_true", help="fit what grades are told from again, and write it")
    grade.add_argument("--frozen", type=Path, help="for --fit: the knowledge from before the answers were written")
    simulate = commands.add_parser("simulations", help="what experiments cost, next to PyTorch where it is installed")
    simulate.add_argument("--no-loops", action="store_true", help="without the training loops side by side")
    _of_many(commands.add_parser("many", help="several processes on one PostgreSQL: what they lose, what they cost"))
    many = commands.add_parser("rounds", help="hundreds of quiz rounds at once: what is kept, and how quickly it goes")
    for name, default in (("rounds", 200), ("servers", 100), ("players", 20), ("questions", 2), ("seconds", 20)):
        many.add_argument(f"--{name}", type=int, default=default)
    many.add_argument("--one-by-one", type=int, default=50, help="rounds one after the other, for memory; 0: none")
    many.add_argument("--busy", type=int, default=0, help="so many busy loops of normal priority beside it")
    many.add_argument("--hour", action="store_true", help="only one round that lasts an hour")
    many.add_argument("--pace", type=float, default=20.0, help="of the clocks, for --hour")
    many.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    many.add_argument("--kinds", default="", help="of the questions, as in /quiz start")
    many.add_argument("--seed", type=int, default=1, help="of the draws, and of what is pressed when")
    many.add_argument("--profile", type=Path, help="a file for cProfile's account of the bot's process, which slows it")
    servers.arguments(commands.add_parser("servers", help="what it costs that servers have topics of their own"))
    _of_soak(commands.add_parser("soak", help="what the bot holds after many interactions of all sorts"))
    walked = commands.add_parser("walk", help="how many functions in how many files run for one event")
    walked.add_argument("--names", action="store_true", help="name them")
    walked.add_argument("--knowledge", type=Path, default=Path("knowledge"), help="the folder of the topic files")
    starting = commands.add_parser("start", help="time and memory of ask, chat and run, cold and warm")
    starting.add_argument("commands", nargs="*", help="only these")
    starting.add_argument("--times", type=int, default=5, help="starts of each, of which the median is shown")
    asking = commands.add_parser("ask", help="processor time of /ask, a mention and a completion, beside a bare client")
    asking.add_argument("--times", type=int, default=400, help="how often each is done")
    asking.add_argument("--profile", action="store_true", help="say in which rooms and packages the time is spent")
    talking = commands.add_parser("conversations", help="what is made of messages that only the last answer explains")
    talking.add_argument("--mistakes", action="store_true", help="show what was decided wrongly")
    talking.add_argument("--fit", action="store_true", help="fit the weights of follow-ups again, and print them")
    talking.add_argument("--knowledge", type=Path, default=Path("knowledge"), help="the folder of the topic files")
    form = commands.add_parser("questions", help="how far the form of the options gives the right ones away")
    form.add_argument("--worst", type=int, default=20, help="so many questions that give most away")
    form.add_argument("--knowledge", type=Path, default=Path("knowledge"), help="the folder of the topic files")
    _of_numbers(
        commands.add_parser("ranker", help="fit the numbers that rank topics with few phrasings, and write them")
    )
    _of_learners(commands.add_parser("review", help="what review keeps known of simulated learners, and at what cost"))
    options = parser.parse_args()
    if options.command in ("start", "ask", "walk"):
        return _of_processes(options)
    if options.command in ("questions", "conversations"):
        return _of_content(options)
    if options.command in ("simulations", "review"):
        return _of_learners_and_experiments(options)
    if options.command in ("rounds", "soak", "many", "servers"):
        return _of_rounds(options)
    if options.command == "grading":
        return _of_grades(options)
    return _of_fits(options) if options.command == "ranker" else matching.run(options)


def _of_numbers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"), help="the folder of the topic files")
    parser.add_argument("--young", action="store_true", help="those of topics that servers add")


def _of_fits(options: argparse.Namespace) -> int:
    return fit_young.run(options.knowledge) if options.young else fit_ranker.run(options.knowledge)


def _of_learners(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seeds", default=f"{review.TUNED_ON},2,3", help="of the learners, parted by commas")


def _of_learners_and_experiments(options: argparse.Namespace) -> int:
    if options.command == "review":
        return review.run([int(seed) for seed in options.seeds.split(",")])
    return simulations.run(loops=not options.no_loops)


def _of_soak(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--interactions", type=int, default=100_000)


def _of_many(parser: argparse.ArgumentParser) -> None:
    for name, default in (("rounds", 20), ("servers", 10), ("players", 10), ("questions", 1), ("seconds", 15)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--kinds", default="", help="of the questions, as in /quiz start")
    parser.add_argument("--seed", type=int, default=1, help="of the draws, and of what is pressed when")
    parser.add_argument("--only", default="", help="the faults with this in their name, and no costs")


def _of_rounds(options: argparse.Namespace) -> int:
    if options.command == "servers":
        return servers.run(options.servers, options.topics)
    if options.command == "soak":
        return soak.report(options.interactions)
    if options.command == "rounds" and options.hour:
        return report.hour(options.players, options.seed, options.pace)
    names = ("rounds", "servers", "players", "questions", "seconds", "kinds", "seed")
    size = Size(**{name: getattr(options, name) for name in names})
    if options.command == "many":
        return several.run(replace(size, shards=2, disputes=True), options.only)
    return report.run(size, options.one_by_one, options.profile, options.json, options.busy)


def _of_content(options: argparse.Namespace) -> int:
    curriculum = load(options.knowledge, kinds=Kinds())
    if options.command == "questions":
        return questions.run(curriculum, options.worst)
    return conversations.run(curriculum, options.mistakes, options.fit)


def _of_grades(options: argparse.Namespace) -> int:
    if options.fit:
        return fit_grading.run(options.knowledge, options.frozen or options.knowledge)
    return grading.run(options.files, options.knowledge, peers=not options.no_peers)


def _of_processes(options: argparse.Namespace) -> int:
    if options.command == "start":
        return start.run(options.times, options.commands)
    if options.command == "ask":
        return ask.run(options.times, options.profile)
    return walk.run(options.knowledge, options.names)


if __name__ == "__main__":
    sys.exit(main())
