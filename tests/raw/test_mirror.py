"""Deliveries that come into a bucket: what is copied, when, and what becomes of it where that fails."""

import dataclasses

import dagster as dg
import pytest

from orchestration import settings
from orchestration.cli import commands
from orchestration.defs.failures import sentences
from orchestration.defs.partitions import WAREHOUSE, range_tags
from orchestration.defs.raw import assets
from orchestration.defs.resources import Warehouse
from orchestration.defs.sensors import new_deliveries
from orchestration.raw.files import folder, intake, mirror
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.warehouse import bucket, files
from tests.bucket import ADDRESS
from tests.deliveries import encoded, lines, month, own_folders

NAME = "weapon_enabled_crime"
DELIVERY = f"{NAME}/2009-08.csv"
CONTENT = encoded(lines(NAME, "2009-08"))


@pytest.fixture(autouse=True)
def raw(tmp_path, monkeypatch):
    own_folders(tmp_path, monkeypatch)
    monkeypatch.setenv("SCORECARD_RAW", ADDRESS)
    return settings.raw()


def look():
    return new_deliveries(dg.build_sensor_context(instance=dg.DagsterInstance.ephemeral()))


def downloads(network):
    return [request for request in network.requests if request.startswith("GET") and "list-type" not in request]


def test_what_is_in_the_bucket_is_found_as_in_a_folder_and_what_is_still_written_is_not(network, raw):
    for key in (DELIVERY, f"{DELIVERY}.sha256", f"{NAME}/2009-07.csv.part", f"{NAME}/_old/2009-06.csv", "loose.csv"):
        network.store.put(key, b"x")
    network.store.put(f"{NAME}/archive/2009-05.csv", b"x")
    network.store.put("weapon_enabled_crimes/2009-08.csv", b"x")
    network.store.put("weapon_enabled_crime", b"")  # a mark of a folder, as some programs leave them
    assert mirror.raw_folder() == raw
    assert files.names(raw) == [DELIVERY, f"{DELIVERY}.sha256"]
    found, (problem,) = folder.deliveries(BY_NAME[NAME], raw)
    assert found == {month("2009-08"): raw / DELIVERY}
    assert "a folder" in problem["rule"].item()
    assert "did you mean" in folder.unrecognised(raw)[NAME][0]["rule"].item()


def test_an_object_is_downloaded_once_and_again_only_when_it_was_overwritten(network, raw):
    network.store.put(DELIVERY, b"one")
    network.store.put(f"{NAME}/2009-07.csv", b"July")
    for _ in range(2):
        mirror.raw_folder()
    assert len(downloads(network)) == 2
    network.store.put(DELIVERY, b"two")  # as long, and within the same second
    network.store.delete(f"{NAME}/2009-07.csv")
    mirror.raw_folder()
    assert len(downloads(network)) == 3
    assert {name: (raw / name).read_bytes() for name in files.names(raw)} == {DELIVERY: b"two"}


def test_of_an_object_that_is_too_large_nothing_is_downloaded_and_intake_still_rejects_it(network, raw, monkeypatch):
    monkeypatch.setitem(BY_NAME, NAME, dataclasses.replace(BY_NAME[NAME], largest=10))
    network.store.put(DELIVERY, CONTENT)
    mirror.raw_folder()
    assert downloads(network) == []
    with pytest.raises(intake.NotIngested, match="more than the 10 bytes"):
        intake.ingest(BY_NAME[NAME], raw / DELIVERY, month("2009-08"), None)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("silent", "it did not answer in time"),
        ("cut", "the transfer was cut off"),
        ("refused", "its server answers: 503 Service Unavailable"),
    ],
)
@pytest.mark.parametrize("disturbed", ["list-type", "2009-09"])
def test_a_network_that_fails_gives_one_sentence_and_no_half_of_a_delivery(
    network, monkeypatch, disturbed, fault, sentence
):
    network.store.put(DELIVERY, CONTENT)
    raw = mirror.raw_folder()
    monkeypatch.setenv("AWS_TIMEOUT", "500ms" if fault == "silent" else "30s")
    network.store.put(f"{NAME}/2009-09.csv", CONTENT)
    network.disturb(disturbed, fault)
    with pytest.raises(bucket.Unusable) as stopped:
        mirror.raw_folder()
    assert f"SCORECARD_RAW ({ADDRESS}) cannot be used: " in str(stopped.value)
    assert sentence in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert {name: (raw / name).read_bytes() for name in files.names(raw)} == {DELIVERY: CONTENT}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("s3://nowhere/the-force", "cannot be used: its server answers: The specified bucket does not exist"),
        (f"{ADDRESS}/of-another", "holds no delivery of any extract"),
        ("s4://performance", "cannot be used: Generic URL error: Unable to recognise URL"),
    ],
)
def test_a_wrong_address_gives_one_sentence_and_removes_nothing(network, raw, monkeypatch, address, sentence):
    network.store.put(DELIVERY, CONTENT)
    mirror.raw_folder()
    monkeypatch.setenv("SCORECARD_RAW", address)
    with pytest.raises(bucket.Unusable) as stopped:
        mirror.raw_folder()
    assert f"SCORECARD_RAW ({address}) {sentence}" in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert files.names(raw) == [DELIVERY]


def test_credentials_that_are_no_longer_valid_give_the_servers_own_words(network):
    network.store.put(DELIVERY, CONTENT)
    network.authenticate("0")
    with pytest.raises(bucket.Unusable, match=r"its server answers: The AWS Access Key Id you provided does not exist"):
        mirror.raw_folder()


def test_the_sensor_and_the_command_find_what_is_in_the_bucket(network):
    network.store.put(DELIVERY, CONTENT)
    (request,) = look().run_requests
    assert request.tags.items() >= range_tags(month("2009-08"), month("2009-08")).items()
    assert commands._requested_months("", "") == (month("2009-08"), month("2009-08"))


def test_where_the_bucket_fails_the_sensor_and_the_run_end_with_its_sentence(network):
    network.disturb("list-type", "refused")
    skipped = look()
    assert skipped.skip_message.startswith(f"SCORECARD_RAW ({ADDRESS}) cannot be used: ")
    asset = next(asset for asset in assets if asset.key.path == ["raw", NAME])
    tags = range_tags(month("2009-08"), month("2009-08"))
    result = dg.materialize([asset], resources={WAREHOUSE: Warehouse()}, tags=tags, raise_on_error=False)
    assert sentences(result.all_events) == [skipped.skip_message]
