"""Writes a table of random numbers in every format: write_tables.py FOLDER ROWS COLUMNS."""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

folder, rows, columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random = np.random.default_rng(1)
numbers = random.standard_normal((rows, columns)).round(4)
labels = np.arange(rows) % 2
names = [f"x{column}" for column in range(columns)]
words = np.array([f"word {word}" for word in range(20)])


def table(column):
    """A table of columns and the labels."""
    arrays = [pa.array(column(place)) for place in range(columns)]
    return pa.table([*arrays, pa.array(labels)], names=[*names, "y"])


tables = {
    "numbers": table(lambda place: numbers[:, place]),
    "texts": table(lambda place: words[random.integers(20, size=rows)]),
}
for kind, content in tables.items():
    pa.csv.write_csv(content, f"{folder}/{kind}.csv")
    pa.parquet.write_table(content, f"{folder}/{kind}.parquet")
with open(f"{folder}/numbers.csv", "rb") as file, open(f"{folder}/numbers.arff", "wb") as arff:
    file.readline()
    attributes = [f"@attribute {name} numeric\n" for name in [*names, "y"]]
    arff.write(("@relation r\n" + "".join(attributes) + "@data\n").encode())
    while piece := file.read(2**24):
        arff.write(piece)
np.save(f"{folder}/X.npy", numbers)
np.save(f"{folder}/y.npy", labels)
np.savez(f"{folder}/numbers.npz", X=numbers, y=labels)
