"""An independent second opinion on every answer: a slow reference, random packs, and a judge between the two.

``python -m tests.oracle --packs 150 --questions 15 --seed 1 --out DIR`` asks and judges; ``reference/`` says what is right, from the
documents alone; ``engine.py`` is the only file that calls the engine. AMBIGUITIES.md lists where the documents leave an answer open.
"""
