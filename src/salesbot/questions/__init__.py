"""Questions: what can be asked, its written form (the slash line), and which thing a typed name means."""
