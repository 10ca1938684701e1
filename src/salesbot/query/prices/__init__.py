"""Questions about prices: what a model cost on a day, how its prices changed, and models beside each other.

The road of each: the rows of a model (``model_prices``) → the levels of each series in time (``levels``) → the answer.
"""
