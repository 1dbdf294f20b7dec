"""The sources of the organisation, as their files declare them."""

from orchestration import settings
from orchestration.raw.sources import declared_files

EXTRACTS = declared_files.read(settings.SOURCES)
BY_NAME = {extract.name: extract for extract in EXTRACTS}
_OF_PEERS = [each for each in EXTRACTS if any(column.kind == "peer" for column in each.columns)]
# what is compared with peers, and those of them that stand in no table of the catalogue
PEER_MEASURES = tuple(
    word for each in _OF_PEERS for column in each.columns for word in column.words if not column.place
)
OTHER_PEERS = tuple(
    word for each in _OF_PEERS for column in each.columns if column.kind == "peer" for word in column.optional_words
)
