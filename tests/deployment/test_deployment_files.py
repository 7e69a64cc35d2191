"""The deployment files say what the commands understand, and leave no secret and no address behind."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from requests_portal import attending, serving
from requests_portal.cli import main
from requests_portal.lease import NAME

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.fixture(scope="module")
def objects():
    """Every object of the manifest, by kind and name."""
    with (DEPLOY / "kubernetes.yaml").open(encoding="utf-8") as file:
        return {(each["kind"], each["metadata"]["name"]): each for each in yaml.safe_load_all(file)}


def pod(workload):
    return workload["spec"]["template"]["spec"]


def understood(words):
    """What the command line takes of these words; raises where it does not understand one."""
    command = main.commands[words[1]]
    return command.make_context(words[1], list(words[2:]), resilient_parsing=False).params


def unit(path):
    """The settings of a unit; of one that is given again and again, the last."""
    lines = [line for line in path.read_text().splitlines() if re.match(r"[A-Za-z]+=", line)]
    return dict(line.split("=", 1) for line in lines)


def test_the_commands_are_ones_that_we_have(objects):
    serve = pod(objects["Deployment", "desk-serve"])["containers"][0]["command"]
    worker = pod(objects["StatefulSet", "desk-worker"])["containers"][0]["command"]

    assert understood(serve)["bind"] == "0.0.0.0:8000"
    assert understood(worker)["name"] == "$(NAME)"
    for path in UNITS:
        words = shlex.split(unit(path)["ExecStart"])
        assert Path(words[0]).name == "desk"
        assert str(understood(words)["settings"]) == "/etc/disclosure-desk/settings.toml"


def test_a_call_that_the_system_refuses_ends_no_process():
    for path in UNITS:
        assert unit(path)["SystemCallErrorNumber"] == "EPERM"


def test_a_pods_name_is_a_workers_name(objects):
    worker = objects["StatefulSet", "desk-worker"]
    (name,) = pod(worker)["containers"][0]["env"]

    assert (name["name"], name["valueFrom"]["fieldRef"]["fieldPath"]) == ("NAME", "metadata.name")
    assert NAME.fullmatch(f"{worker['metadata']['name']}-0")


def test_an_end_has_more_time_than_we_take(objects):
    assert pod(objects["Deployment", "desk-serve"])["terminationGracePeriodSeconds"] > serving.GRACE_SECONDS
    assert pod(objects["StatefulSet", "desk-worker"])["terminationGracePeriodSeconds"] > attending.LONGEST_END_SECONDS
    waits = {path.name: int(unit(path)["TimeoutStopSec"]) for path in UNITS}
    assert waits["desk-serve.service"] > serving.GRACE_SECONDS
    assert waits["desk-worker@.service"] > attending.LONGEST_END_SECONDS


def test_the_probes_ask_where_we_answer(objects):
    container = pod(objects["Deployment", "desk-serve"])["containers"][0]

    asked = {kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
    assert asked == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}


@pytest.mark.parametrize("workload", [("Deployment", "desk-serve"), ("StatefulSet", "desk-worker")])
def test_a_pod_holds_no_right_that_it_does_not_need(objects, workload):
    spec = pod(objects[workload])

    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    for each in (*spec["containers"], *spec["initContainers"]):
        assert each["image"] == "IMAGE"
        assert each["securityContext"]["readOnlyRootFilesystem"] is True
        assert each["securityContext"]["allowPrivilegeEscalation"] is False
        assert each["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {mount["name"] for mount in each["volumeMounts"]} <= {volume["name"] for volume in spec["volumes"]}
        assert all("value" not in variable for variable in each.get("env", ()))


def test_every_pod_sees_the_same_spool(objects):
    (mode,) = objects["PersistentVolumeClaim", "desk-spool"]["spec"]["accessModes"]
    claims = [
        volume["persistentVolumeClaim"]["claimName"]
        for workload in (("Deployment", "desk-serve"), ("StatefulSet", "desk-worker"))
        for volume in pod(objects[workload])["volumes"]
        if "persistentVolumeClaim" in volume
    ]

    assert (mode, claims) == ("ReadWriteMany", ["desk-spool", "desk-spool"])


@pytest.mark.parametrize(("kind", "name"), [("Deployment", "desk-serve"), ("StatefulSet", "desk-worker")])
def test_a_drained_node_takes_no_more_than_one_pod_at_a_time(objects, kind, name):
    budget = objects["PodDisruptionBudget", name]["spec"]

    assert budget["selector"] == objects[kind, name]["spec"]["selector"]
    assert budget.get("minAvailable", budget.get("maxUnavailable")) == 1


def test_the_manifest_holds_no_secret_and_no_address_of_a_registry(objects):
    text = (DEPLOY / "kubernetes.yaml").read_text()

    assert not any(kind == "Secret" for kind, _ in objects)
    assert not re.search(r"\w\.(?:io|com|org|net)/", text)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_may_write_its_own_state_alone(path):
    told = unit(path)

    assert (told["ProtectSystem"], told["NoNewPrivileges"], told["CapabilityBoundingSet"]) == ("strict", "yes", "")
    assert told["StateDirectory"] == "disclosure-desk"
    assert told["RestartPreventExitStatus"] == "2"
    assert told["User"] == "desk"


def test_systemd_understands_the_units(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("No systemd-analyze to check the units with: install systemd")
    for path in UNITS:
        # What is started need not be installed where it is checked.
        (tmp_path / path.name).write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", path.read_text()))
    units = [str(tmp_path / path.name) for path in UNITS]

    ran = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)

    assert [line for line in ran.stderr.splitlines() if "desk-" in line] == []
    assert ran.returncode == 0
