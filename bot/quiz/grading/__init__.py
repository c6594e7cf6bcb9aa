"""Grading open answers against key points: `Grader(curriculum).grade(topic, text) -> Grade`. Pure."""
