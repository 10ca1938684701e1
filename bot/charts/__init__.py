"""Charts of answers: which figures they show, the pictures, and a cache of those drawn last."""
