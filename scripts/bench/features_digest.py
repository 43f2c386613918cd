"""The SHA-256 of a run's features without their keys: what two commits must agree on that name rows differently. RUN...

Rows are hashed one by one (column names and values, in the table's order), their hashes sorted and hashed together. What is
fitted depends on which rows are train rows: compare runs with `--set split.by=none`, or whose data say the parts themselves.
"""

import hashlib
import json
import sys
from pathlib import Path

import figures
import pyarrow.parquet as parquet


def digest(run):
    """The digest, and how many rows there are."""
    attempt, _ = figures.current(run, "features")
    hashes = []
    for fragment in parquet.ParquetDataset(attempt).fragments:
        for batch in parquet.ParquetFile(fragment.path).iter_batches(10_000):
            for row in batch.to_pylist():
                del row["key"]
                # Of numbers what they were before they were scaled, which older commits do not have.
                row.pop("_truth", None)
                hashes.append(hashlib.sha256(json.dumps(row).encode()).digest())
    return hashlib.sha256(b"".join(sorted(hashes))).hexdigest(), len(hashes)


for run in sys.argv[1:]:
    print(*digest(Path(run)), run)
