"""Questions about counts: totals, stores, progress, comparisons and what-ifs.

The road of each: the facts of a launch (``launch_facts``) → the reports at a moment (``reports``) → what follows from
them (``identities``, ``brackets``, ``sums``) → how they compare (``comparisons``) → the answer.
"""
