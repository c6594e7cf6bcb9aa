"""Every sentence said to a person, so that Discord and the terminal speak alike. A second language is a second file."""
