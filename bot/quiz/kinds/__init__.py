"""The kinds of question, one module each: what is drawn of the pool (`composed`), what an answer earns (`points`)."""
