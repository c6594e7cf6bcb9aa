"""How each kind of question is answered in Discord: one module a way (letters, a menu, a form), and `controls`."""
