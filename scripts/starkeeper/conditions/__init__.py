"""One file for each condition that a rule can name; the file, the key and the class say the same word."""
