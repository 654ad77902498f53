"""Times the grader on 200 submissions made from the museum, and keeps the result in the
package: `python docs/grading.py`."""
import tempfile
import time
from pathlib import Path

from joblib import cpu_count

from mlp_from_scratch.files import write_rows
from mlp_from_scratch.grader import grade_class, read_weights, weights_text
from mlp_from_scratch.museum import SLIPS
from mlp_from_scratch.submissions import FILES

N = 200
TARGET = (Path(__file__).resolve().parent.parent
          / "mlp_from_scratch" / "results" / "grading.csv")


def write_submissions(folder):
    "A folder for each of the first N forms of slips."
    forms = [(slip, form) for slip in SLIPS.values() for form in range(len(slip.forms))]
    for slip, form in forms[:N]:
        for role, text in slip.sources(form).items():
            path = Path(folder, f"{slip.name}-{form}", FILES[role])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def main():
    with tempfile.TemporaryDirectory() as folder:
        weights_file = Path(folder, "weights.yaml")
        weights_file.write_text(weights_text(seed=1), encoding="utf-8")
        write_submissions(Path(folder, "class"))
        start = time.perf_counter()
        rows = grade_class(Path(folder, "class"), read_weights(weights_file))
        seconds = time.perf_counter() - start
    named = sum(row["submission"].rpartition("-")[0] in row["mistakes"].split()
                for row in rows)
    write_rows([{"submissions": len(rows), "processors": cpu_count(),
                 "seconds": round(seconds, 1), "named": named,
                 "full_marks": sum(row["score"] == 100 for row in rows)}], TARGET)


if __name__ == "__main__": main()
