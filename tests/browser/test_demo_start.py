"""`desk demo` as a command: which folder and port it takes, and that nothing of it stays behind."""

import os
import select
import signal
import socket
from pathlib import Path

from a_demo import csv_rows, running, the_command

SECONDS_TO_END = 10


def test_a_folder_with_somebody_s_files_is_refused_and_left_as_it_is(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam")

    done = the_command("demo", "--no-browser", "--data", str(tmp_path))

    assert done.returncode == 2
    assert (
        done.stderr == f"{tmp_path.name} holds files that are not a demonstration's. Name another folder with --data.\n"
    )
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_whose_demonstration_is_running_is_refused(demo):
    done = the_command("demo", "--no-browser", "--data", str(demo.data))

    assert done.returncode == 2
    assert done.stderr.startswith("A demonstration is running in demo data.")
    assert demo.visitor("maya").get("/").status == 200


def test_a_taken_port_is_said_and_an_interrupt_ends_everything_quietly(tmp_path):
    data = tmp_path / "my demo"
    with socket.create_server(("127.0.0.1", 0)) as taken, running(data, port=taken.getsockname()[1]) as demo:
        assert f"Port {taken.getsockname()[1]} is taken" in demo.said[0]
        watched = children(demo.process.pid)

        demo.process.send_signal(signal.SIGINT)
        said, _ = demo.process.communicate(timeout=SECONDS_TO_END)

    assert said == "The demonstration has ended.\n"
    assert demo.process.returncode == 0
    assert all(ended(each) for each in watched)


def test_it_begins_afresh_in_its_old_folder_and_a_kill_leaves_no_process_behind(demo, tmp_path):
    data = tmp_path / "demo"
    data.mkdir()
    (data / ".demonstration").touch()
    (data / "desk.db").write_text("what an earlier demonstration left")

    with running(data) as again:
        rows = csv_rows(again.visitor("maya").get("/queue.csv"))
        watched = children(again.process.pid)
        again.process.kill()
        again.process.wait()

        assert all(ended(each) for each in watched)

    assert len(watched) == 2
    # Every request is there at the first page, each as far as people have brought it.
    assert len(rows) >= 25
    assert len({row["Stage"] for row in rows}) >= 4


def test_a_queue_looks_like_a_desk_that_is_nearly_up_to_date(demo):
    maya = demo.visitor("maya")

    summary = maya.get("/").first(r"(\d+ open · \d+ overdue · \d+ due in the next three days)")

    late, soon = int(summary.split()[3]), int(summary.split()[6])
    assert 2 <= late <= 3
    assert soon >= 5


def children(pid):
    """Handles of the processes that this one has started; they stay valid when the process is gone."""
    numbers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [os.pidfd_open(int(number)) for number in numbers]


def ended(handle):
    readable, _, _ = select.select([handle], [], [], SECONDS_TO_END)
    os.close(handle)
    return bool(readable)
