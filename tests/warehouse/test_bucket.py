"""A bucket where the package that reads it is not installed."""

import sys

import pytest

from orchestration.raw.files import mirror
from orchestration.warehouse import bucket
from tests.deliveries import own_folders


def test_without_the_package_that_buckets_need_a_sentence_says_what_to_install(tmp_path, monkeypatch):
    own_folders(tmp_path, monkeypatch)
    monkeypatch.setenv("SCORECARD_RAW", "s3://performance/the-force")
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(
        bucket.Unusable, match=r"^SCORECARD_RAW is a bucket .* one more package: install it with `make bucket`"
    ):
        mirror.raw_folder()
