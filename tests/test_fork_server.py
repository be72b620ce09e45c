"""Jobs as copies of one process: each a process of its own, from the same state, whose end is known."""

import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from pipeline import snakemake_adapter
from pipeline.fingerprints import THREADS
from pipeline.fork_server import ForkServer
from snakemake.benchmark import BenchmarkRecord

if sys.platform != "linux":
    pytest.skip("jobs are copies on Linux alone", allow_module_level=True)


@pytest.fixture(autouse=True, scope="module")
def threads_as_the_snakefile_has_them():
    with pytest.MonkeyPatch.context() as patch:
        for name in THREADS:
            patch.setenv(name, "1")
        yield


def with_a_thread(patch, folder):
    """Python starts a thread at its start."""
    # It imports this module by itself.
    (folder / "sitecustomize.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=[3600], daemon=True).start()\n"
    )
    patch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)


@pytest.fixture(scope="module", params=["copies", "new processes"])
def server(request, tmp_path_factory):
    """A server; of new processes where a library starts a thread as it is imported."""
    found = ForkServer()
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "new processes":
            with_a_thread(patch, tmp_path_factory.mktemp("libraries"))
        found.serve()
    yield found
    found.end()
    assert found.process.returncode == 0


@pytest.fixture
def run(server, tmp_path):
    """Runs Python code as a job; gives the job."""

    def start(code, **environment):
        script = tmp_path / f"{len(list(tmp_path.iterdir()))}.py"
        script.write_text(code)
        return server.start(str(script), environment)

    return start


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("1 + 1", 0),
        ("raise SystemExit(3)", 3),
        ("1 / 0", 1),
        ("import os; os._exit(7)", 7),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        # An interrupt from the keyboard reaches jobs, as it does a process of Python.
        ("import os, signal; os.kill(os.getpid(), signal.SIGINT)", -signal.SIGINT),
        # A process of its own, as figures and POT start some, is waited for as ever.
        ("import subprocess; assert subprocess.run(['false']).returncode == 1", 0),
    ],
)
def test_how_a_job_ends_is_known(run, code, status):
    assert run(code).wait() == status


def test_a_job_is_like_a_script_of_python(run, tmp_path):
    run(
        "import os, sys, tempfile\n"
        "from pathlib import Path\n"
        "import __main__\n"
        "assert __name__ == '__main__' and __main__.Path is Path\n"
        "assert sys.argv == [__file__] and os.getcwd() not in sys.path\n"
        f"assert tempfile.gettempdir() == {str(tmp_path)!r}\n"
        f"Path({str(tmp_path / 'done')!r}).write_text(os.environ['WORD'])\n",
        TMPDIR=str(tmp_path),
        WORD="said",
    ).wait()
    assert (tmp_path / "done").read_text() == "said"


def test_at_its_end_a_job_waits_for_threads_runs_what_is_registered_and_writes_what_is_buffered(run, tmp_path):
    """As Python does, in this order; a file that was left open is complete."""
    job = run(
        "import atexit, sys, threading, time\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        f"said = open({str(tmp_path / 'said')!r}, 'w')\n"
        "def say(word):\n"
        "    said.write(word)\n"
        "atexit.register(say, 'registered ')\n"
        "pool = ThreadPoolExecutor(1)\n"
        "pool.submit(lambda: (time.sleep(0.2), say('pool ')))\n"
        "threading.Thread(target=lambda: (time.sleep(0.4), say('thread '))).start()\n"
        "say('script ')\n"
        "closed, detached = (open('/dev/null', 'w') for _ in range(2))\n"
        "closed.close(), detached.detach()\n"
        f"sys.stdout = open({str(tmp_path / 'log')!r}, 'w')\n"
        "print('logged')\n"
    )
    assert job.wait() == 0
    assert (tmp_path / "said").read_text() == "script pool thread registered "
    assert (tmp_path / "log").read_text() == "logged\n"


def test_a_job_that_cannot_write_what_is_buffered_has_failed(run):
    assert run("import sys\nsys.stdout = open('/dev/full', 'w')\nprint('lost')\n").wait() not in (0, None)


def test_jobs_are_copies_where_there_is_no_thread(tmp_path, capfd):
    script = tmp_path / "job.py"
    script.write_text("import sys\nassert 'torch' in sys.modules\n")
    server = ForkServer()
    assert server.start(str(script), {}).wait() == 0
    server.end()
    assert capfd.readouterr().err == ""


def test_a_server_with_a_thread_says_so_and_copies_nothing(monkeypatch, tmp_path, capfd):
    with_a_thread(monkeypatch, tmp_path)
    script = tmp_path / "job.py"
    script.write_text("import sys\nassert 'torch' not in sys.modules\n")
    server = ForkServer()
    assert [server.start(str(script), {}).wait() for _ in range(2)] == [0, 0]
    server.end()
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 1 and said[0].startswith("each job imports PyTorch and the rest itself")


def test_jobs_begin_alike_whatever_ran_before(run):
    """One job's random numbers, settings and imports are not the next one's."""
    code = (
        "import os, sys, numpy, torch\n"
        "assert 'changed' not in os.environ and 'fractions_' not in sys.modules\n"
        "assert torch.get_default_dtype() is torch.float32 and torch.initial_seed() != 5\n"
        "os.environ['changed'], sys.modules['fractions_'] = '1', sys\n"
        "torch.manual_seed(5); torch.set_default_dtype(torch.float64); numpy.float32 = None\n"
    )
    assert [run(code).wait() for _ in range(3)] == [0, 0, 0]


def test_jobs_run_at_once_and_one_that_is_killed_takes_no_other_along(run, tmp_path):
    waits = f"import os, time\nwhile not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.01)\n"
    first, second = run(waits), run(waits)
    assert first.pid != second.pid
    os.kill(first.pid, signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    assert run("pass").wait() == 0
    (tmp_path / "go").touch()
    assert second.wait() == 0


def test_a_server_that_was_killed_is_told_of_in_a_sentence(tmp_path):
    server, script = ForkServer(), tmp_path / "long.py"
    script.write_text("import time; time.sleep(60)")
    job = server.start(str(script), {})
    server.process.kill()
    with pytest.raises(RuntimeError, match=f"has ended; how {script} ends will not be known"):
        job.wait()
    with pytest.raises(RuntimeError, match="the process that jobs are copies of has ended"):
        server.start(str(script), {})
    os.kill(job.pid, signal.SIGKILL)
    server.end()


def test_the_server_ends_with_the_process_that_started_it(tmp_path):
    script, code = (
        tmp_path / "job.py",
        (
            "import sys\nfrom pipeline.fork_server import ForkServer\n"
            "server = ForkServer()\nassert server.start(sys.argv[1], {}).wait() == 0\nprint(server.process.pid)\n"
        ),
    )
    script.write_text("pass")
    ended = subprocess.run([sys.executable, "-c", code, str(script)], capture_output=True, text=True, check=True)
    killed = subprocess.run(
        [sys.executable, "-c", f"{code}sys.stdout.flush()\nimport os\nos.kill(os.getpid(), 9)\n", str(script)],
        capture_output=True,
        text=True,
    )
    for done in (ended, killed):
        deadline = time.monotonic() + 30
        while is_running(int(done.stdout)):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def is_running(pid):
    """Whether a process is there and has not ended."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    "asks",
    [
        {"conda_env": "env"},
        {"container_img": "a.sif"},
        {"env_modules": "R"},
        {"shadow_dir": "s"},
        {"threads": 2},
        {"params": {}},  # of another workflow
    ],
)
def test_what_is_not_ours_or_has_software_of_its_own_is_left_to_snakemake(monkeypatch, asks):
    left = []
    monkeypatch.setattr(snakemake_adapter, "snakemakes_execute", lambda script, path, edit: left.append(path))
    plain = dict.fromkeys(["conda_env", "container_img", "env_modules", "shadow_dir"])
    plain |= {"threads": 1, "params": {"recipe": {}}}
    snakemake_adapter.execute_script(SimpleNamespace(**(plain | asks)), "script.py")
    assert left == ["script.py"]


@pytest.mark.parametrize(("code", "status"), [("pass", 0), ("raise SystemExit(3)", 3)])
def test_ours_run_in_their_folder_for_temporary_files_and_are_timed(monkeypatch, tmp_path, server, code, status):
    monkeypatch.setattr(snakemake_adapter, "server", server)
    path, record = tmp_path / "job.py", BenchmarkRecord()
    path.write_text(f"import tempfile\nassert tempfile.gettempdir() == {str(tmp_path)!r}\n{code}")
    script = dict.fromkeys(["conda_env", "container_img", "env_modules", "shadow_dir"])
    script |= {"threads": 1, "params": {"recipe": {}}, "resources": {"tmpdir": str(tmp_path)}, "bench_record": record}
    if status:
        with pytest.raises(subprocess.CalledProcessError, match=f"{path}' returned non-zero exit status {status}"):
            snakemake_adapter.execute_script(SimpleNamespace(**script), str(path))
    else:
        snakemake_adapter.execute_script(SimpleNamespace(**script), str(path))
    assert record.running_time > 0
