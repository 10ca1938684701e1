"""Mutation testing: what share of small faults put into the engine the fast tests notice.

mutmut 3.8 is not used, as it leaves decorated functions (all properties and cached values) and module constants alone
and takes no sample by a seed.
"""
