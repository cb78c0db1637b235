"""Jackpot's speed beside the PyTorch peer's, on the same cores, in turns.

    compare_speed.py [--rounds 3] [--mode search] [--depth 20] [--batch 128] [--threads N] -- JACKPOT_COMMAND...

    tests/peers/.venv/bin/python tests/peers/compare_speed.py -- ./jackpot benchmark train --mode search --json

Each round runs the command once, then search_torch.py once with both memory formats; the machine's other load so hits
both. The command's JSON is searched for `images_per_second`. Prints a JSON object: the medians over the rounds of each
side's images per second, and the median of the rounds' ratios, Jackpot over the peer.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

PEER = pathlib.Path(__file__).with_name("search_torch.py")


def rates(value, mode):
    """All `images_per_second` within a JSON value, except those of objects that say they are of another mode."""
    if isinstance(value, list):
        return [rate for item in value for rate in rates(item, mode)]
    if not isinstance(value, dict):
        return []
    if "images_per_second" in value:
        return [value["images_per_second"]] if value.get("mode", mode) == mode else []
    return [rate for item in value.values() for rate in rates(item, mode)]


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}")
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--mode", choices=["search", "train"], default="search")
    parser.add_argument("--depth", type=int, default=20)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("command", nargs="+", help="Jackpot's benchmark with JSON output, after --")
    options = parser.parse_args()

    peer = [sys.executable, str(PEER), "--mode", options.mode]
    for name in ("depth", "batch", "steps", "threads"):
        peer += [f"--{name}", str(getattr(options, name))]
    jackpot, torch = [], {"nchw": [], "channels_last": []}
    for _ in range(options.rounds):
        found = rates(run(options.command), options.mode)
        if len(found) != 1:
            sys.exit(f"{' '.join(options.command)}: found {len(found)} times images_per_second for {options.mode}, expected 1")
        jackpot += found
        for result in run(peer):
            torch[result["format"]].append(result["images_per_s"])

    report = {"mode": options.mode, "rounds": options.rounds, "jackpot_images_per_s": statistics.median(jackpot)}
    for memory, values in torch.items():
        report[f"torch_{memory}_images_per_s"] = statistics.median(values)
        report[f"ratio_to_{memory}"] = statistics.median(ours / theirs for ours, theirs in zip(jackpot, values))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
