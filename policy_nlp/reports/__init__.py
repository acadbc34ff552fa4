"""Tables and reports -> text for a terminal or a file. Makes no numbers."""
