"""One pipeline from a string to a ParsedText, for matching and grading: normalise, tokenise, spell, stem, phrases."""
