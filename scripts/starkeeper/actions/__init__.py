"""One file for each action that a rule can take; the file, the key and the class say the same word."""
