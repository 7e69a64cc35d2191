"""The IAM policies allow what the source asks of AWS, process by process, and nothing else."""

import ast
import json
from dataclasses import dataclass
from pathlib import Path

import botocore.session
import pytest

import requests_portal
from requests_portal.keys import kms_signer
from requests_portal.storage.lock_probe import PROBE

POLICIES = Path(__file__).parents[2] / "deploy" / "aws"
ROOMS = ("storage", "keys")
WEB, WORKER, OPERATOR = "web", "worker", "operator"

RECORDINGS, VAULT, INVENTORY = (
    "arn:aws:s3:::" + name for name in ("RECORDINGS_BUCKET", "VAULT_BUCKET", "INVENTORY_BUCKET")
)
PROBED = f"{RECORDINGS}/{PROBE}"
KEY, QUEUE = "arn:aws:kms:REGION:ACCOUNT:key/SIGNING_KEY", "arn:aws:sqs:REGION:ACCOUNT:EVENTS_QUEUE"
BUCKETS = (RECORDINGS, VAULT)

# What each call needs: on the object, queue or key itself; where a version is named, the second.
OF_THE_THING = {
    "delete_message_batch": ("sqs:DeleteMessage",) * 2,
    "delete_object": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    "get_object": ("s3:GetObject", "s3:GetObjectVersion"),
    "get_object_legal_hold": ("s3:GetObjectLegalHold",) * 2,
    "head_object": ("s3:GetObject", "s3:GetObjectVersion"),
    "obstore.get": ("s3:GetObjectVersion",) * 2,
    "put_object": ("s3:PutObject",) * 2,
    "put_object_legal_hold": ("s3:PutObjectLegalHold",) * 2,
    "put_object_retention": ("s3:PutObjectRetention",) * 2,
    "receive_message": ("sqs:ReceiveMessage",) * 2,
    "sign": ("kms:Sign",) * 2,
}
# What each call needs on the bucket.
OF_THE_BUCKET = {
    "create_bucket": "s3:CreateBucket",
    "get_bucket_versioning": "s3:GetBucketVersioning",
    "get_object_lock_configuration": "s3:GetBucketObjectLockConfiguration",
    "head_bucket": "s3:ListBucket",
    "list_object_versions": "s3:ListBucketVersions",
}
# Where a call stands, what it is about, and whose it is; nobody's is an administrator's, who makes the buckets.
WHOSE = {
    "buckets._exists": (BUCKETS, {OPERATOR}),
    "buckets._make": (BUCKETS, set()),
    "buckets._require_lock": (BUCKETS, {OPERATOR}),
    "buckets.answer": (BUCKETS, {WEB, WORKER, OPERATOR}),
    # Whether a bucket is gone is asked by the page that takes it as gone, and by what deletes.
    "buckets.is_absent": (BUCKETS, {WEB, WORKER}),
    "event_queue.EventQueue.done": ((QUEUE,), {WORKER}),
    "event_queue.EventQueue.take": ((QUEUE,), {WORKER}),
    # Pages are drawn from what was gathered; what is lacking after a restore is read again where they are drawn.
    "fast_reader.FastReader.brings": ((RECORDINGS,), {WEB, WORKER}),
    "inventory.InBucket._read": ((INVENTORY,), {OPERATOR}),
    "kms_signer._signed": ((KEY,), {WEB, WORKER}),
    "listing._pages": ((RECORDINGS,), {WORKER, OPERATOR}),
    "objects.ObjectsInStore._read_once": ((RECORDINGS,), {WORKER, OPERATOR}),
    "objects.ObjectsInStore.described": ((RECORDINGS,), {WORKER, OPERATOR}),
    "recordings.Recordings._get": ((RECORDINGS,), {WEB, WORKER}),
    "recordings.Recordings._set_hold": ((RECORDINGS,), {WORKER}),
    "recordings.Recordings.delete": ((RECORDINGS,), {WORKER}),
    "recordings.Recordings.has": ((RECORDINGS,), {WORKER}),
    "recordings.Recordings.is_held": ((RECORDINGS,), {WORKER, OPERATOR}),
    "recordings.Recordings.opened": ((RECORDINGS,), {WEB}),
    # In operation only the probe is stored here.
    "recordings.Recordings.put": ((PROBED,), {WORKER}),
    "uploading.Uploads._put": ((RECORDINGS,), {OPERATOR}),
    "uploading.Uploads._there": ((RECORDINGS,), {OPERATOR}),
    "vault.Vault._keep": ((VAULT,), {WEB, WORKER}),
    "vault.Vault._put_once": ((VAULT,), {WEB, WORKER}),
    "vault.Vault._range": ((VAULT,), {WEB, WORKER}),
    "vault.Vault._version_with": ((VAULT,), {WEB, WORKER}),
    "vault.Vault.kept_until": ((VAULT,), {WORKER}),
    # Who may ask for a length may read: a restored desk is held against the vault under the pages' role.
    "vault.Vault.paper_size": ((VAULT,), {WEB}),
    "vault.Vault.read_paper": ((VAULT,), {WEB}),
    "vault.Vault.size": ((VAULT,), {WEB, WORKER}),
}
# S3 tells an object that is not there from one that is denied only to somebody who may list the bucket.
TELLS_ABSENT = {(WEB, VAULT), (WORKER, VAULT), (WORKER, RECORDINGS), (OPERATOR, RECORDINGS)}


@dataclass(frozen=True)
class Call:
    """A call of AWS in the source: where it stands, what it asks, and the names of what it passes."""

    where: str
    method: str
    arguments: frozenset[str]
    reads_lock: bool

    def on_the_thing(self) -> set[str]:
        plain, of_version = OF_THE_THING[self.method]
        needed = {of_version if "VersionId" in self.arguments else plain}
        # An answer's lock headers are only for somebody who may read the retention; sending them sets it.
        if "ObjectLockMode" in self.arguments:
            needed.add("s3:PutObjectRetention")
        if self.reads_lock:
            needed.add("s3:GetObjectRetention")
        return needed


def operations():
    models = botocore.session.get_session()
    names = {name for service in ("s3", "sqs") for name in models.get_service_model(service).operation_names}
    return {botocore.xform_name(name) for name in names}


def source_calls():
    """Every call on a client of AWS under the rooms that may have one."""
    known = operations()
    for room in ROOMS:
        for path in sorted((Path(requests_portal.__file__).parent / room).rglob("*.py")):
            for where, function in functions(ast.parse(path.read_text(encoding="utf-8")), path.stem):
                yield from calls_in(where, function, known)


def functions(tree, where):
    """Each function with its name, classes included; the functions in a function are part of it."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from functions(node, f"{where}.{node.name}")
        elif isinstance(node, ast.FunctionDef):
            yield f"{where}.{node.name}", node


def calls_in(where, function, known):
    passed = {node.func: node for node in ast.walk(function) if isinstance(node, ast.Call)}
    words = {node.value for node in ast.walk(function) if isinstance(node, ast.Constant)}
    for node in ast.walk(function):
        if not isinstance(node, ast.Attribute) or not is_asked(node, known):
            continue
        call = passed.get(node)
        arguments = frozenset(each.arg for each in call.keywords if each.arg) if call else frozenset()
        method = call.args[0].value if node.attr == "get_paginator" else node.attr
        if called(node.value) == "obstore":
            method = f"obstore.{method}"
        yield Call(where, method, arguments, "ObjectLockRetainUntilDate" in words and method == "head_object")


def is_asked(node, known):
    whose = called(node.value)
    on_client = whose.endswith("client") or whose == "obstore"
    return (on_client and node.attr not in {"meta", "store", "exceptions", "auth"}) or node.attr in known


def called(value):
    """The last name of `client`, `self._client` or whatever else stands before the dot."""
    return value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""


def needed_by(process):
    """What the source needs, as (action, resource)."""
    needed = {("s3:ListBucket", bucket) for whose, bucket in TELLS_ABSENT if whose == process}
    for call in source_calls():
        about, processes = WHOSE[call.where]
        if process not in processes:
            continue
        for resource in about:
            if call.method in OF_THE_BUCKET:
                needed.add((OF_THE_BUCKET[call.method], resource))
            else:
                within = f"{resource}/*" if resource in {RECORDINGS, VAULT, INVENTORY} else resource
                needed |= {(action, within) for action in call.on_the_thing()}
    return needed


def statements(process):
    policy = json.loads((POLICIES / f"{process}.json").read_text(encoding="utf-8"))
    assert policy.keys() == {"Version", "Statement"}
    assert policy["Version"] == "2012-10-17"
    return policy["Statement"]


def allowed_by(process):
    return {(action, each["Resource"]) for each in statements(process) for action in each["Action"]}


def test_every_call_of_aws_in_the_source_has_its_place_here():
    found = list(source_calls())

    assert {call.where for call in found} == WHOSE.keys()
    assert {call.method for call in found} == OF_THE_THING.keys() | OF_THE_BUCKET.keys()


@pytest.mark.parametrize("process", [WEB, WORKER, OPERATOR])
def test_a_policy_allows_what_its_process_asks_and_nothing_else(process):
    assert allowed_by(process) == needed_by(process)


def test_there_is_a_policy_for_each_process_and_no_other():
    assert {path.stem for path in POLICIES.glob("*.json")} == {WEB, WORKER, OPERATOR}


@pytest.mark.parametrize("process", [WEB, WORKER, OPERATOR])
def test_a_policy_says_each_thing_once_and_only_allows(process):
    said = statements(process)

    assert all(each.keys() - {"Condition"} == {"Sid", "Effect", "Action", "Resource"} for each in said)
    assert {each["Effect"] for each in said} == {"Allow"}
    assert len({each["Sid"] for each in said}) == len(said)
    assert sum(len(each["Action"]) for each in said) == len(allowed_by(process))
    assert all(each["Sid"].isalnum() and each["Action"] == sorted(each["Action"]) for each in said)


@pytest.mark.parametrize("process", [WEB, WORKER, OPERATOR])
def test_nobody_may_get_round_a_lock_or_change_a_bucket(process):
    allowed = allowed_by(process)

    actions = {action for action, _ in allowed}
    assert not any("*" in action or "Bypass" in action for action in actions)
    assert not any(action.startswith(("s3:PutBucket", "s3:DeleteBucket", "s3:CreateBucket")) for action in actions)
    # Without a version it would only hide the recording.
    assert "s3:DeleteObject" not in actions
    assert not {action for action, resource in allowed if resource.startswith(VAULT)} & {"s3:DeleteObjectVersion"}
    assert all(resource.removesuffix("/*").count("*") == 0 for _, resource in allowed)


def test_only_a_worker_holds_lets_go_and_erases():
    may = {process: {action for action, _ in allowed_by(process)} for process in (WEB, WORKER, OPERATOR)}

    for action in ("s3:PutObjectLegalHold", "s3:DeleteObjectVersion"):
        assert [process for process, actions in may.items() if action in actions] == [WORKER]


@pytest.mark.parametrize("process", [WEB, WORKER])
def test_the_key_signs_as_we_sign_and_in_no_other_way(process):
    (sign,) = (each for each in statements(process) if each["Resource"] == KEY)

    assert sign["Condition"] == {
        "StringEquals": {"kms:SigningAlgorithm": kms_signer.ALGORITHM, "kms:MessageType": "RAW"}
    }
