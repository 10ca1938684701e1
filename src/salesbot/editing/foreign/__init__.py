"""Tables that others made: what their columns mean is guessed, shown, corrected and remembered."""
