"""`make bench`: the benchmarks that need no path, one after the other."""

import subprocess
import sys

WITHOUT_PATH = ("lookalike", "relay", "content")

if __name__ == "__main__":
    codes = [
        subprocess.run([sys.executable, "-m", f"bench.{name}", *sys.argv[1:]], check=False).returncode for name in WITHOUT_PATH
    ]
    sys.exit(max(codes))
