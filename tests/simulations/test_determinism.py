"""The same name, settings and seed give the same numbers, bit for bit, in any process of one machine."""

from bot.simulations.experiments import Request, Result, prepare
from bot.simulations.worker import Worker

REQUESTS = [
    prepare("symmetry", {"steps": 50}, 3),
    prepare("selu-depth", {"depth": 20, "width": 64}, 3),
    prepare("momentum", {"steps": 500}, 3),
]


def results(requests: list[Request]) -> dict[str, Result]:
    worker = Worker()
    try:
        return {request.experiment: worker.run_now(request) for request in requests}
    finally:
        worker.close()


def test_two_processes_agree_whatever_ran_before() -> None:
    forwards, backwards = results(REQUESTS), results(REQUESTS[::-1] + REQUESTS[:1])
    for name, result in forwards.items():
        for ours, theirs in zip(result.runs, backwards[name].runs, strict=True):
            assert (ours.metrics, ours.headline, ours.rows) == (theirs.metrics, theirs.headline, theirs.rows)
