"""``make crashes``: kill a publishing process at KILLS random moments (500) and at every counted one.

python -m tools.crashes [KILLS]
"""

import sys

from tools.crashes.harness import main

main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
